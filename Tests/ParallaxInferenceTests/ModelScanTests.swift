import ParallaxTestSupport
import Testing

@testable import ParallaxInference

/// What a file's head tells is what the library says of the model it loaded.
@Suite(.enabled(if: OnnxRuntime.isAvailable, "\(needsLibrary)"))
struct ModelScanTests {
  @Test(arguments: [
    "clip-combined.onnx", "clip/onnx/text_model.onnx", "clip/onnx/text_model_quantized.onnx",
    "clip/onnx/vision_model_fp16.onnx", "siglip/onnx/text_model.onnx",
    "siglip/onnx/vision_model.onnx", "resnet/model.onnx", "resnet-batch4.onnx",
    "resnet-bytes.onnx", "resnet-external.onnx", "resnet-tokens.onnx", "odd/nan.onnx",
    "odd-text/model.onnx",
  ])
  func `declares what a session declares`(name: String) throws {
    let path = Fixture.path(name)
    let session = try OnnxSession(model: path, runtime: .shared(), threads: 1)
    let scanned = try ModelScan(fileAt: path).signature
    #expect(scanned.inputs == session.signature.inputs)
    // Of outputs the library may work out a size that the file leaves open.
    #expect(scanned.outputs.map(\.name) == session.signature.outputs.map(\.name))
    #expect(scanned.outputs.map(\.element) == session.signature.outputs.map(\.element))
    for (mine, its) in zip(scanned.outputs, session.signature.outputs) {
      #expect(mine.dimensions.count == its.dimensions.count)
      for (one, other) in zip(mine.dimensions, its.dimensions) where one != other {
        if case .fixed = one { Issue.record("\(mine.name): \(one) is \(other) to the library") }
      }
    }
  }

  /// Every prefix of a model, and every model with one byte changed, is read to an end.
  @Test func `reads damaged files to an end`() async throws {
    let bytes = try Files.read(Fixture.path("odd/infinite.onnx"))
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/model.onnx"
      for count in bytes.indices {
        try write(Array(bytes.prefix(count)), to: path)
        _ = try ModelScan(fileAt: path)
        var changed = bytes
        changed[count] ^= 0xFF
        try write(changed, to: path)
        _ = try? ModelScan(fileAt: path)
      }
    }
  }
}

/// The reader of `tokenizer.json`'s long lists.
struct TokenizerJSONTests {
  private func file(_ text: String) async throws -> TokenizerJSON {
    try await withTemporaryDirectory { folder in
      try assemble(folder, texts: ["tokenizer.json": text])
      return try TokenizerJSON(fileAt: "\(folder)/tokenizer.json")
    }
  }

  @Test func `reads escapes as JSON has them`() async throws {
    let json = try await file(
      #"""
      {"a" : [1, {"vocab": 2}, "}"], "model":{ "vocab" : {"\"":0, "\\": 1 ,"\u00e9\ud83d\ude00x":2,"é\/\n":-3},
       "k": null, "merges": [ "a b", [ "c" , "\u0064" ] ] , "t":"BPE"} }
      """#)
    #expect(try json.vocabulary() == ["\"": 0, "\\": 1, "é😀x": 2, "é/\n": -3])
    #expect(try json.merges().map { [$0.0, $0.1] } == [["a", "b"], ["c", "d"]])
    let settings = String(decoding: json.settings, as: UTF8.self)
    #expect(settings.contains(#""vocab" : null,"#) && settings.contains(#""merges": null ,"#))
  }

  @Test(arguments: [
    "", "[]", "{", #"{"model": {"vocab": {"a": 1}"#, #"{"model": {"vocab": {"a" 1}}}"#,
    #"{"model": {"vocab": {"a": "1"}}}"#, #"{"model": {"vocab": {"\ud83d": 1}}}"#,
    #"{"model": {"vocab": {"a": 3000000000}}}"#, #"{"model": {"vocab": {"\x": 1}}}"#,
    #"{"model": {"merges": ["a"]}}"#, #"{"model": {"merges": [["a", "b", "c"]]}}"#,
    #"{"model": {"merges": "a b"}}"#,
  ])
  func `refuses what is something else`(text: String) async throws {
    await #expect {
      let json = try await file(text)
      _ = try (json.vocabulary(), json.merges())
    } throws: { error in
      "\(error)".contains("'tokenizer.json' is not as expected")
    }
  }
}
