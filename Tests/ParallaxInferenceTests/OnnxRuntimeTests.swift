import ParallaxCore
import ParallaxSystem
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@testable import ParallaxInference

struct OnnxRuntimeTests {
  @Test func `without a library says what to run`() {
    let error = parallaxError {
      _ = try OnnxRuntime(named: nil, otherwise: [.init(path: "libno-such.so.7")])
    }
    #expect(error?.code == .missingComponent)
    #expect(error?.message == "local models need ONNX Runtime, which was not found")
    #expect(error?.hint == "run scripts/setup, or name the library in PARALLAX_ONNXRUNTIME")
  }

  @Test func `names the variable that points at no library`() {
    let error = parallaxError {
      _ = try OnnxRuntime(named: ("ORT_DYLIB_PATH", "/nowhere/lib.so"), otherwise: [])
    }
    #expect(error?.code == .missingComponent)
    #expect(error?.message.hasPrefix("'ORT_DYLIB_PATH' names '/nowhere/lib.so', which") == true)
  }

  @Test func `refuses a file that is no library`() async throws {
    try await withTemporaryDirectory { folder in
      try write(Array("not a library".utf8), to: "\(folder)/lib.so")
      let error = parallaxError {
        _ = try OnnxRuntime(named: nil, otherwise: [.init(path: "\(folder)/lib.so")])
      }
      #expect(error?.code == .missingComponent)
      #expect(error?.message.contains("'\(folder)/lib.so'") == true)
    }
  }

  @Test func `refuses another library`() {
    let error = parallaxError {
      _ = try OnnxRuntime(named: nil, otherwise: [.init(path: "libsqlite3.so.0")])
    }
    #expect(error?.code == .missingComponent)
  }

  /// A program in `<root>/<below>`, and a library in every place that was ever searched.
  private func candidates(
    _ below: String, manifest: String? = nil, sharing part: String? = nil
  ) async throws -> [LibrarySearch.Candidate] {
    try await withTemporaryDirectory { folder in
      let root = try PathText.resolved(folder)
      try TestFiles.write("", to: "\(root)/\(below)/parallax")
      if let manifest { try TestFiles.write(manifest, to: "\(root)/Package.swift") }
      for place in [".cache/onnxruntime", "\(below)/.cache/onnxruntime", "bin/../lib/parallax"] {
        try TestFiles.write("", to: "\(root)/\(place)/\(OnnxRuntime.search.fileName)")
      }
      if let part { try #require(chmod("\(root)/\(part)", 0o777) == 0) }
      return OnnxRuntime.search.candidates(for: "\(root)/\(below)/parallax").map {
        .init(
          path: String($0.path.dropFirst(root.count + 1)),
          refusal: $0.refusal?.replacing(root + "/", with: ""))
      }
    }
  }

  private static let manifest = #"let package = Package(name: "Parallax")"#

  @Test func `a library is taken from the checkout and from beside the program`() async throws {
    let path = ".cache/onnxruntime/\(OnnxRuntime.search.fileName)"
    let build = ".build/x86_64-unknown-linux-gnu/debug"
    #expect(try await candidates(build, manifest: Self.manifest) == [.init(path: path)])
    #expect(
      try await candidates("bin", manifest: nil)
        == [.init(path: "lib/parallax/\(OnnxRuntime.search.fileName)")])
  }

  @Test(arguments: [nil, #"let package = Package(name: "Other")"#])
  func `a library in a folder above is nobody's`(manifest: String?) async throws {
    #expect(try await candidates(".build/debug", manifest: manifest).isEmpty)
    #expect(try await candidates("a/b/c/d/e/f/g/h", manifest: Self.manifest).isEmpty)
  }

  @Test(arguments: [
    ".cache", ".cache/onnxruntime", ".cache/onnxruntime/\(OnnxRuntime.search.fileName)",
  ])
  func `a library that everybody may change is not opened`(part: String) async throws {
    let found = try await candidates(".build/debug", manifest: Self.manifest, sharing: part)
    #expect(
      found.map(\.refusal) == ["'\(part)' is writable by everyone ('chmod o-w' fixes that)"])
    let error = parallaxError { _ = try OnnxRuntime(named: nil, otherwise: found) }
    #expect(error?.code == .missingComponent)
    #expect(error?.message.contains("was not opened: '\(part)' is writable") == true)
  }

  @Test(.enabled(if: OnnxRuntime.isAvailable, "\(needsLibrary)"))
  func `knows its version`() throws {
    let version = try OnnxRuntime.shared().version.split(separator: ".").compactMap { Int($0) }
    #expect(version.count == 3)
    #expect(version[0] == 1)
  }
}

@Suite(.enabled(if: OnnxRuntime.isAvailable, "\(needsLibrary)"))
struct OnnxSessionTests {
  private func session(_ name: String) throws -> OnnxSession {
    try OnnxSession(model: Fixture.path(name), runtime: .shared(), threads: 1)
  }

  private let ids = Tensor(shape: [1, 3], values: .int64([1376, 5, 1377]))
  private let mask = Tensor(shape: [1, 3], values: .int64([1, 1, 1]))

  @Test func `describes inputs and outputs`() throws {
    let session = try session("clip/onnx/text_model.onnx")
    #expect(
      session.signature.inputs == [
        .init(
          name: "input_ids", element: .int64,
          dimensions: [.free("batch_size"), .free("sequence_length")]),
        .init(
          name: "attention_mask", element: .int64,
          dimensions: [.free("batch_size"), .free("sequence_length")]),
      ])
    #expect(session.signature.outputs.map(\.name) == ["text_embeds"])
    #expect(session.signature.outputs[0].dimensions.last == .fixed(8))
  }

  @Test func `gives tensors with their shape`() throws {
    let outputs = try session("clip/onnx/text_model.onnx").run(
      [("input_ids", ids), ("attention_mask", mask)], outputs: ["text_embeds"])
    #expect(outputs.map(\.shape) == [[1, 8]])
    #expect(outputs[0].element == .float32)
  }

  @Test(arguments: [
    (["input_ids", "attention_mask"], "no_such_output", "no_such_output"),
    (["input_ids", "masque"], "text_embeds", "masque"),
    (["input_ids"], "text_embeds", "attention_mask"),
  ])
  func `names a wrong input or output`(inputs: [String], output: String, named: String) throws {
    let session = try session("clip/onnx/text_model.onnx")
    let error = parallaxError {
      _ = try session.run(zip(inputs, [ids, mask]).map { ($0, $1) }, outputs: [output])
    }
    #expect(error?.code == .inferenceFailed)
    #expect(error?.message.contains(named) == true, "\(error?.message ?? "no error")")
  }

  @Test(arguments: [
    Tensor(shape: [1, 3], values: .float32([1, 2, 3])),
    Tensor(shape: [3], values: .int64([1, 2, 3])),
    Tensor(shape: [1, 3], values: .int64([5, 1_000_000, 7])),
  ])
  func `survives a tensor that does not fit`(ids: Tensor) throws {
    let session = try session("clip/onnx/text_model.onnx")
    let error = parallaxError {
      _ = try session.run([("input_ids", ids), ("attention_mask", mask)], outputs: ["text_embeds"])
    }
    #expect(error?.code == .inferenceFailed)
  }

  @Test(arguments: [0, 1, 100, 10_000]) func `refuses a damaged model`(length: Int) async throws {
    let whole = try Files.read(Fixture.path("clip/onnx/text_model.onnx"))
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/model.onnx"
      try write(Array(whole.prefix(length)), to: path)
      let error = parallaxError {
        _ = try OnnxSession(model: path, runtime: .shared(), threads: 1)
      }
      #expect(error?.code == .invalidModel)
      #expect(error?.message.hasPrefix("'\(path)' does not load as an ONNX model: ") == true)
    }
  }

  @Test func `runs from several threads at once`() async throws {
    let session = try session("clip/onnx/text_model.onnx")
    let inputs = [("input_ids", ids), ("attention_mask", mask)].map { (name: $0.0, tensor: $0.1) }
    let expected = try session.run(inputs, outputs: ["text_embeds"])
    try await withThrowingTaskGroup(of: [Tensor].self) { group in
      for _ in 0..<32 { group.addTask { try session.run(inputs, outputs: ["text_embeds"]) } }
      for try await outputs in group { #expect(outputs == expected) }
    }
  }
}
