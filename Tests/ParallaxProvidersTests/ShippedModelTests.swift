import ParallaxCore
import ParallaxDigest
import ParallaxHTTP
import ParallaxImaging
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

/// The files of the embedded models, which nobody but the program answers for.
struct ShippedModelTests {
  private static let resources =
    "\(TestData.packageRoot)/Sources/ParallaxProviders/Resources"

  private func environment(_ folder: String, isNamed: Bool = false) -> ProviderEnvironment {
    ProviderEnvironment(
      decoder: ImageDecoder(workers: 1, executable: builtProduct(named: "parallax")), threads: 1,
      miniFolder: folder, isMiniNamed: isNamed,
      transport: CurlTransport(connections: 1, agent: "parallax-tests"))
  }

  @Test(arguments: ["mini", "mini-2", "mini-3", "mini-cross"])
  func `are those that were pinned`(model: String) async throws {
    let folder = "\(Self.resources)/\(model)"
    let listing = try await ProgramRun("/bin/ls", [folder]).finish()
    let pins = try #require(ShippedModel.pins[model])
    #expect(Set(listing.output.split(separator: "\n").map(String.init)) == Set(pins.keys))
    #expect(try ShippedModel.verify(model, in: folder).count == pins.count)
  }

  @Test(arguments: ["text_model.onnx", "vision_model.onnx", "tokenizer.json", "config.json"])
  func `are refused when a byte is another`(name: String) async throws {
    try await withCopy { folder in
      var bytes = try TestFiles.bytes(of: "\(folder)/\(name)")
      bytes[bytes.count / 2] ^= 1
      try TestFiles.write(bytes, to: "\(folder)/\(name)")
      await #expect {
        _ = try await MiniProvider.makeEmbedder(
          EmbedderRequest(model: "mini"), in: environment(folder))
      } throws: { error in
        let error = error as? ParallaxError
        return error?.code.name == "invalid-model"
          && error?.message == "'\(name)' of the embedded model 'mini' is damaged: its SHA-256 is "
            + "not that of the shipped file"
          && error?.hint == "it is in '\(folder)'; build or install the program again"
      }
    }
  }

  @Test func `are refused when they are cut or gone`() async throws {
    try await withCopy { folder in
      let bytes = try TestFiles.bytes(of: "\(folder)/vision_model.onnx")
      try TestFiles.write(bytes.dropLast(), to: "\(folder)/vision_model.onnx")
      #expect {
        try ShippedModel.verify("mini", in: folder)
      } throws: {
        ($0 as? ParallaxError)?.message.contains("has 5319189 bytes instead of 5319190") == true
      }
      _ = try await ProgramRun("/bin/rm", ["\(folder)/vision_model.onnx"]).finish()
      #expect {
        try ShippedModel.verify("mini", in: folder)
      } throws: { ($0 as? ParallaxError)?.message.hasSuffix("is missing") == true }
    }
  }

  @Test func `are a person's own affair in a folder that was named`() async throws {
    try await withCopy { folder in
      try TestFiles.write(
        (TestFiles.text(of: folder + "/config.json") ?? "") + " ", to: folder + "/config.json")
      let mine = try await MiniProvider.makeEmbedder(
        EmbedderRequest(model: "mini"), in: environment(folder, isNamed: true))
      let shipped = try await MiniProvider.makeEmbedder(
        EmbedderRequest(model: "mini"), in: environment("\(Self.resources)/mini"))
      #expect(mine.spec.version != shipped.spec.version)
    }
  }

  private func withCopy(_ body: (String) async throws -> Void) async throws {
    try await withTemporaryDirectory { folder in
      let copied = try await ProgramRun(
        "/bin/cp", ["-r", "\(Self.resources)/mini", folder + "/mini"]
      ).finish()
      #expect(copied.code == 0)
      try await body(folder + "/mini")
    }
  }
}
