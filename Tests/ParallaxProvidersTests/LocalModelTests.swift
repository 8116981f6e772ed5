import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxInference
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

/// The embedded model and model folders, with pixels from real decoder workers.
@Suite struct LocalModelTests {
  private static let tiles = TestData.packageRoot + "/datasets/tiles/images"
  private static let fixtures = TestData.packageRoot + "/Tests/ParallaxInferenceTests/Fixtures"
  private static let environment = ProviderEnvironment(
    decoder: ImageDecoder(workers: 2, executable: builtProduct(named: "parallax")), threads: 1,
    miniFolder: "\(TestData.packageRoot)/Sources/ParallaxProviders/Resources/mini",
    transport: CurlTransport(connections: 4, agent: "parallax-tests"))

  private func embedder(
    _ model: String, dimension: Int? = nil, task: String? = nil
  ) async throws -> any Embedder {
    let provider = try ProviderRegistry.provider(ofModel: model)
    return try await provider.makeEmbedder(
      EmbedderRequest(model: model, dimension: dimension, task: task), in: Self.environment)
  }

  private func inputs(_ names: [String]) -> [ModelInput] {
    names.map { ModelInput(name: $0, parts: [.image(path: "\(Self.tiles)/\($0).jpg")]) }
  }

  @Test func `the shipped models take 30 MB at most`() throws {
    let folder = "\(TestData.packageRoot)/Sources/ParallaxProviders/Resources"
    let files = ShippedModel.pins.flatMap { model, pins in pins.keys.map { "\(model)/\($0)" } }
    let sizes = try files.map { try TestFiles.bytes(of: "\(folder)/\($0)").count }
    #expect(sizes.count >= 15 && sizes.reduce(0, +) <= 30_000_000)
  }

  @Test func `a vector does not depend on its batch`() async throws {
    let mini = try await embedder("mini")
    let names = ["mug-001", "mug-002", "brick-001", "shoe-003", "lamp-004", "wood-005", "car-006"]
    let together = try await mini.embed(inputs(names), side: .document).map { try $0.get() }
    for (name, vector) in zip(names, together) {
      let alone = try #require(try await mini.embed(inputs([name]), side: .document).first).get()
      #expect(zip(alone, vector).allSatisfy { abs($0 - $1) < 1e-5 })
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }
    let texts = ["dog", "a red shoe on a wooden table", "wall of bricks"]
    let batch = try await mini.vectors(of: texts, side: .query)
    for (text, vector) in zip(texts, batch) {
      let alone = try #require(try await mini.vectors(of: [text], side: .query).first)
      #expect(zip(alone, vector).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test func `a broken image fails alone`() async throws {
    let mini = try await embedder("mini")
    try await withTemporaryDirectory { folder in
      try TestFiles.write("no picture", to: folder + "/broken.jpg")
      let broken = ModelInput(name: "broken", parts: [.image(path: folder + "/broken.jpg")])
      let missing = ModelInput(name: "missing", parts: [.image(path: folder + "/missing.jpg")])
      let all = inputs(["mug-001"]) + [broken] + inputs(["mug-002"]) + [missing]
      let outcomes = try await mini.embed(all, side: .document)
      #expect(outcomes.map { (try? $0.get()) != nil } == [true, false, true, false])
      #expect {
        try outcomes[1].get()
      } throws: { error in
        guard let error = error as? ParallaxError else { return false }
        return error.code.name == "unsupported-format" && error.message.contains("broken.jpg")
      }
    }
  }

  @Test func `pictures and texts may be mixed, and one without words fails alone`() async throws {
    let mini = try await embedder("mini")
    let picture = inputs(["mug-001"])[0]
    let mixed = try await mini.embed(
      [.text("a mug"), picture, .text(" "), .text("dog")], side: .query)
    let words = try await mini.vectors(of: ["a mug", "dog"], side: .query)
    let image = try await mini.embed([picture], side: .document)[0].get()
    #expect(mixed.map { (try? $0.get()) != nil } == [true, true, false, true])
    for (outcome, wanted) in zip([mixed[0], mixed[1], mixed[3]], [words[0], image, words[1]]) {
      #expect(zip(try outcome.get(), wanted).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    #expect {
      try mixed[2].get()
    } throws: { ($0 as? ParallaxError)?.message.contains("it has no words") == true }
  }

  @Test func `what a model does not join is refused`() async throws {
    let mini = try await embedder("mini")
    var both = inputs(["mug-001"])[0]
    both.parts.append(.text("a mug"))
    await #expect {
      _ = try await mini.embed([both], side: .document)
    } throws: { ($0 as? ParallaxError)?.message.contains("gives no joint vector") == true }
  }

  @Test func `a shorter dimension is a prefix at unit length`() async throws {
    let full = try await embedder("mini")
    #expect(full.capabilities.embedsImages && full.capabilities.embedsText)
    let vector = try #require(try await full.vectors(of: ["cat"], side: .query).first)
    for dimension in full.capabilities.shorterDimensions {
      let short = try await embedder("mini", dimension: dimension)
      #expect(short.spec.dimension == dimension && short.spec != full.spec)
      let cut = try #require(try await short.vectors(of: ["cat"], side: .query).first)
      let expected = try #require(Vector.normalized(Array(vector.prefix(dimension))))
      #expect(zip(cut, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    }
    #expect(!full.capabilities.shorterDimensions.isEmpty)
  }

  @Test func `a task is words before a text, and moves no picture`() async throws {
    let bare = try await embedder("mini")
    let similarity = try await embedder("mini", task: "SEMANTIC_SIMILARITY")
    let search = try await embedder("mini", task: "RETRIEVAL_DOCUMENT")
    #expect(search.spec.queryTask == "RETRIEVAL_QUERY")
    let texts = ["a dog on a beach"]
    let plain = try await bare.vectors(of: texts, side: .query)
    #expect(try await similarity.vectors(of: texts, side: .query) != plain)
    #expect(
      try await search.vectors(of: texts, side: .query)
        == bare.vectors(of: ["search: a dog on a beach"], side: .query))
    let picture = inputs(["mug-001"])
    let (one, other) = try await (
      bare.embed(picture, side: .document), similarity.embed(picture, side: .document)
    )
    #expect(try one[0].get() == other[0].get())
  }

  @Test func `a task may be an output of the image tower, with a dimension of its own`()
    async throws
  {
    let copies = try await embedder("mini", task: "COPY")
    #expect(copies.spec.dimension == 128 && copies.spec.isOfCopies)
    #expect(copies.capabilities.embedsImages && !copies.capabilities.embedsText)
    #expect(copies.capabilities.shorterDimensions.isEmpty)
    #expect(!copies.capabilities.sharesImages("COPY", nil))
    #expect(copies.capabilities.sharesImages("CLASSIFICATION", nil))
    #expect(try copies.background() == nil)
    let pictures = inputs(["mug-001", "mug-002"])
    let vectors = try await copies.embed(pictures, side: .document).map { try $0.get() }
    let usual = try await embedder("mini", dimension: 128)
    let others = try await usual.embed(pictures, side: .document).map { try $0.get() }
    #expect(vectors.map(\.count) == [128, 128] && vectors != others)
    let background = try #require(try usual.background())
    #expect(background.dimension == 128)
    await #expect {
      _ = try await copies.vectors(of: ["a mug"], side: .query)
    } throws: {
      ($0 as? ParallaxError)?.message
        == "under the task 'COPY', model 'mini' embeds images only"
    }
  }

  @Test func `a task that no output answers is refused by name`() async throws {
    try await withTemporaryDirectory { folder in
      let copied = try await ProgramRun(
        "/bin/cp", ["-r", "\(Self.fixtures)/resnet", folder + "/model"]
      ).finish()
      #expect(copied.code == 0)
      try TestFiles.write(
        #"{"image_tasks": {"COPY": "nothing"}}"#, to: folder + "/model/config.json")
      let model = try await embedder(folder + "/model")
      #expect(model.capabilities.tasks == ["COPY"] && model.spec.task == nil)
      await #expect {
        let copies = try await embedder(folder + "/model", task: "COPY")
        _ = try await copies.embed(inputs(["mug-001"]), side: .document)
      } throws: { error in
        (error as? ParallaxError)?.message.contains("has no output 'nothing', which 'image_tasks'")
          == true
      }
    }
  }

  @Test(arguments: ["clip", "siglip"])
  func `a published model folder embeds images and texts into one space`(
    name: String
  ) async throws {
    let model = try await embedder("\(Self.fixtures)/\(name)")
    #expect(model.spec.provider == "onnx" && model.spec.model == "\(Self.fixtures)/\(name)")
    let image = try #require(try await model.embed(inputs(["mug-001"]), side: .document).first)
      .get()
    let text = try #require(try await model.vectors(of: ["a mug"], side: .query).first)
    #expect(image.count == text.count && image.count == model.spec.dimension)
  }

  @Test func `an image encoder says that it knows no text`() async throws {
    let model = try await embedder("\(Self.fixtures)/resnet")
    #expect(!model.capabilities.embedsText)
    await #expect {
      _ = try await model.vectors(of: ["cat"], side: .query)
    } throws: { ($0 as? ParallaxError)?.message.contains("embeds images only") == true }
  }

  @Test(arguments: [
    ("mini", 100, nil, "dimensions; got 100"),
    ("mini", nil, "RETREIVAL_QUERY", "got 'RETREIVAL_QUERY'"),
    ("./nowhere", nil, nil, "no model at './nowhere'"),
    ("minni", nil, nil, "unknown model 'minni'"),
  ])
  func `what a model cannot do is refused by name`(
    model: String, dimension: Int?, task: String?, message: String
  ) async throws {
    await #expect {
      _ = try await embedder(model, dimension: dimension, task: task)
    } throws: { ($0 as? ParallaxError)?.message.contains(message) == true }
  }

  @Test func `the identity follows the files, not their place`() async throws {
    try await withTemporaryDirectory { folder in
      let copied = try await ProgramRun(
        "/bin/cp", ["-r", "\(Self.fixtures)/clip", folder + "/clip"]
      ).finish()
      #expect(copied.code == 0)
      let original = try await embedder("\(Self.fixtures)/clip")
      #expect(try await embedder(folder + "/clip").spec.version == original.spec.version)
      let vocabulary = folder + "/clip/preprocessor_config.json"
      try TestFiles.write((TestFiles.text(of: vocabulary) ?? "") + "\n", to: vocabulary)
      #expect(try await embedder(folder + "/clip").spec.version != original.spec.version)
    }
  }
}
