import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxInference

/// Vectors against PyTorch and Python's ONNX Runtime.
@Suite(.enabled(if: OnnxRuntime.isAvailable, "\(needsLibrary)"))
struct ImageTextModelTests {
  @Test(arguments: [
    ("clip", "clip images", ["torch", "onnx"], 1e-5),
    ("clip-combined.onnx", "clip images", ["torch", "onnx"], 1e-5),
    ("clip/onnx/vision_model_fp16.onnx", "clip images", ["half"], 1e-3),
    ("clip/onnx/vision_model_fp16.onnx", "clip images", ["torch"], 1e-2),
    ("clip/onnx/vision_model_quantized.onnx", "clip images", ["quantized"], 1e-5),
    ("siglip", "siglip images", ["torch", "onnx"], 1e-5),
    ("resnet", "resnet images", ["torch", "onnx"], 1e-5),
    ("resnet-bytes.onnx", "resnet images", ["bytes torch", "bytes onnx"], 1e-5),
  ])
  func `embeds images as the reference does`(
    path: String, model: String, sources: [String], tolerance: Double
  ) async throws {
    try await withModel(path) { embedder in
      let vectors = try embedder.vectors(of: Golden.images)
      for source in sources {
        let expected = try Golden.vectors(model, source)
        #expect(largestDifference(vectors, expected) < tolerance, "\(source)")
      }
    }
  }

  @Test(arguments: [
    ("clip", "clip texts", ["torch", "onnx"]),
    ("clip-combined.onnx", "clip texts", ["torch", "onnx"]),
    ("clip/onnx/text_model_quantized.onnx", "clip texts", ["quantized"]),
    ("siglip", "siglip texts", ["torch", "onnx"]),
  ])
  func `embeds texts as the reference does`(
    path: String, model: String, sources: [String]
  ) async throws {
    try await withModel(path) { embedder in
      let vectors = try embedder.vectors(of: Golden.texts)
      for source in sources {
        let expected = try Golden.vectors(model, source)
        #expect(largestDifference(vectors, expected) < 1e-5, "\(source)")
      }
    }
  }

  /// The files of a combined model lie beside it; here they are put there.
  private func withModel(_ path: String, _ body: (ImageTextModel) throws -> Void) async throws {
    guard path == "clip-combined.onnx" else { return try body(try Fixture.model(path)) }
    try await withTemporaryDirectory { folder in
      var links = ["model.onnx": Fixture.path(path)]
      for name in ModelCandidates.names(in: Fixture.path("clip")) where name != "onnx" {
        links[name] = Fixture.path("clip/\(name)")
      }
      try assemble(folder, links: links)
      try body(try ImageTextModel(folder: folder, threads: 1))
    }
  }

  @Test(arguments: [
    "clip", "siglip", "resnet", "resnet-bytes.onnx", "resnet-batch4.onnx",
    "clip/onnx/vision_model_fp16.onnx", "clip/onnx/vision_model_quantized.onnx",
  ])
  func `gives an image the same vector in any company`(path: String) throws {
    let model = try Fixture.model(path)
    let images = (0..<11).map { Fixture.picture($0) }
    let together = try model.vectors(of: images)
    let reversed = try model.vectors(of: images.reversed())
    let alone = try images.flatMap { try model.vectors(of: [$0]) }
    #expect(together == alone)
    #expect(together == reversed.reversed())
  }

  @Test(arguments: ["clip", "siglip", "clip/onnx/text_model_quantized.onnx"])
  func `gives a text the same vector in any company`(path: String) throws {
    let model = try Fixture.model(path)
    let texts = try Golden.texts + ["the work", "a dog", "a photo of a cat", "the licensor"]
    let together = try model.vectors(of: texts)
    #expect(together == (try texts.flatMap { try model.vectors(of: [$0]) }))
    #expect(together == (try model.vectors(of: texts.reversed())).reversed())
  }

  @Test func `a fixed batch gives what a free one gives`() async throws {
    let free = try Fixture.model("resnet/model.onnx").vectors(of: Golden.images)
    try await withResNetSettings("resnet-batch4.onnx") { model in
      let fixed = try model.vectors(of: Golden.images)
      #expect(largestDifference(fixed, free.map { $0.map(Double.init) }) < 1e-6)
    }
  }

  @Test func `weights in another file are found`() async throws {
    try await withResNetSettings("resnet-external.onnx") { model in
      let expected = try Golden.vectors("resnet images", "torch")
      #expect(largestDifference(try model.vectors(of: Golden.images), expected) < 1e-5)
      #expect(model.files.contains { $0.hasSuffix("resnet-external.onnx_data") })
    }
  }

  @Test func `a first token stands for the image where the architecture says so`() async throws {
    try await withResNetSettings("resnet-tokens.onnx", configuration: #"{"model_type": "dinov2"}"#)
    {
      let expected = try Golden.vectors("resnet images", "first token")
      #expect(largestDifference(try $0.vectors(of: Golden.images), expected) < 1e-5)
    }
  }

  /// A model of the ResNet family with the family's settings beside it.
  private func withResNetSettings(
    _ model: String, configuration: String = "{}", _ body: (ImageTextModel) throws -> Void
  ) async throws {
    let files = ModelCandidates.names(in: Fixture.folder).filter { $0.hasPrefix("resnet-") }
    try await withTemporaryDirectory { folder in
      var links = Dictionary(uniqueKeysWithValues: files.map { ($0, Fixture.path($0)) })
      links["preprocessor_config.json"] = Fixture.path("resnet/preprocessor_config.json")
      // The library refuses weights behind a link, as a way out of the folder.
      for name in files where name.contains("external") {
        links[name] = nil
        try write(try Files.read(Fixture.path(name)), to: "\(folder)/\(name)")
      }
      try assemble(folder, links: links, texts: ["config.json": configuration])
      try body(try ImageTextModel(folder: "\(folder)/\(model)", threads: 1))
    }
  }

  @Test func `tells what it is`() throws {
    let model = try Fixture.model("clip")
    #expect(model.embedsImages && model.embedsText)
    #expect(model.dimension == 8)
    #expect(model.matryoshkaDimensions == [4])
    #expect(model.prompts == ["RETRIEVAL_QUERY": "find: "])
    #expect(model.version == "1.0")
    #expect(model.maximumTokens == 16)
    #expect(model.imageTransform?.identity == "decode2/shortest32/bicubic/crop32x32")
    #expect(
      model.files
        == [
          "config.json", "merges.txt", "onnx/text_model.onnx", "onnx/vision_model.onnx",
          "preprocessor_config.json", "tokenizer_config.json", "vocab.json",
        ].map { Fixture.path("clip/\($0)") })
    // 16 tokens, two of them the special ones; "a dog" has two.
    #expect(try !model.cuts(String(repeating: "a dog ", count: 7)))
    #expect(try model.cuts(String(repeating: "a dog ", count: 7) + "a"))
    #expect(try !model.cuts(""))
    #expect(try model.reads("find: a", after: "find: "))
    #expect(try !model.reads("find:  ", after: "find: "))
  }

  @Test func `a quantised model says so, and brings the tower beside it`() throws {
    let quantized = "clip/onnx/vision_model_quantized.onnx"
    #expect(try ModelScan(fileAt: Fixture.path(quantized)).isDynamicallyQuantized)
    #expect(
      try !ModelScan(fileAt: Fixture.path("clip/onnx/vision_model.onnx")).isDynamicallyQuantized)
    #expect(try Fixture.model(quantized).embedsText)
  }

  /// The other tower's file has a step that no library knows, so that it would not load.
  @Test(arguments: ["vision_model", "text_model"])
  func `opens only the tower that is asked for`(broken: String) async throws {
    try await withTemporaryDirectory { folder in
      var links: [String: String] = [:]
      for name in ModelCandidates.names(in: Fixture.path("clip")) where name != "onnx" {
        links[name] = Fixture.path("clip/\(name)")
      }
      for name in ["vision_model", "text_model"] where name != broken {
        links["onnx/\(name).onnx"] = Fixture.path("clip/onnx/\(name).onnx")
      }
      try assemble(folder, links: links)
      let file = try Files.read(Fixture.path("clip/onnx/\(broken).onnx"))
      try write(
        file.replacing(Array("MatMul".utf8), with: Array("MatMuk".utf8)),
        to: "\(folder)/onnx/\(broken).onnx")
      let model = try ImageTextModel(folder: folder, threads: 1)
      #expect(model.embedsImages && model.embedsText && model.dimension == 8)
      func embed(_ tower: String) throws -> Int {
        tower == "text_model"
          ? try model.vectors(of: ["a dog"]).count
          : try model.vectors(of: [Fixture.picture(1)]).count
      }
      #expect(try embed(broken == "text_model" ? "vision_model" : "text_model") == 1)
      let error = parallaxError { _ = try embed(broken) }
      #expect(error?.code == .invalidModel)
      #expect(error?.message.contains("does not load as an ONNX model") == true)
    }
  }

  @Test func `one tower refuses the other's inputs`() throws {
    let model = try Fixture.model("resnet")
    #expect(model.embedsImages && !model.embedsText)
    #expect(model.maximumTokens == 0)
    let error = parallaxError { _ = try model.embed(texts: ["a dog"]) }
    #expect(error?.code == .unsupported)
    #expect(error?.message == "the model has no text tower; it embeds images only")
  }

  @Test func `refuses an image of another size`() throws {
    let model = try Fixture.model("resnet")
    let error = parallaxError { _ = try model.embed(images: [Fixture.picture(1, side: 16)]) }
    #expect(error?.code == .invalidValue)
    #expect(error?.message == "the model takes images of 32x32; got 16x16")
  }

  @Test func `embeds nothing as nothing`() throws {
    let model = try Fixture.model("clip")
    #expect(try model.embed(images: []).isEmpty)
    #expect(try model.embed(texts: []).isEmpty)
  }
}
