import ParallaxCore
import ParallaxGeometry
import ParallaxHTTP
import ParallaxImaging
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

/// The bundled pictures, with pixels from real decoder workers.
@Suite(.enabled(if: GeometryLibrary.isAvailable, "needs OpenCV: run scripts/setup --geometry"))
struct GeometricRerankerTests {
  private static let tiles = TestData.packageRoot + "/datasets/tiles/images"
  private static let environment = ProviderEnvironment(
    decoder: ImageDecoder(workers: 2, executable: builtProduct(named: "parallax")), threads: 1,
    miniFolder: nil, transport: CurlTransport(connections: 4, agent: "parallax-tests"))

  private func reranker() async throws -> GeometricReranker {
    let made = try await GeometricProvider.makeReranker(
      RerankerRequest(model: "geometric"), in: Self.environment)
    return try #require(made as? GeometricReranker)
  }

  private func input(_ name: String) -> ModelInput {
    ModelInput(name: name, parts: [.image(path: "\(Self.tiles)/\(name).jpg")])
  }

  private let names = ["brick-001", "brick-002", "wood-003", "mug-001", "car-006", "shoe-003"]

  @Test func `a picture agrees with itself alone`() async throws {
    let geometric = try await reranker()
    for (position, name) in names.enumerated() {
      let scores = try await geometric.scores(of: names.map(input), for: input(name))
        .map { try $0.get() }
      #expect(scores.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
      let others = scores.enumerated().filter { $0.offset != position }.map(\.element)
      #expect(scores[position] > others.max() ?? 0, "\(name): \(scores)")
    }
  }

  @Test func `a score is the same alone and among others`() async throws {
    let geometric = try await reranker()
    let together = try await geometric.scores(of: names.map(input), for: input("brick-001"))
    for (name, score) in zip(names, together) {
      let alone = try await geometric.scores(of: [input(name)], for: input("brick-001"))
      #expect(try alone.map { try $0.get() } == [score.get()])
    }
  }

  @Test func `says what made a score`() async throws {
    let geometric = try await reranker()
    let same = try await geometric.explanation(of: input("brick-001"), for: input("brick-001"))
    #expect(
      same.map(\.name) == [
        "inliers", "matches", "features", "rotation", "scale", "stretch", "translation", "matrix",
      ])
    #expect(same.first { $0.name == "rotation" }?.value == "0.0°")
    #expect(same.first { $0.name == "scale" }?.value == "1.0")
    #expect(same.last?.value == "[1.0, 0.0, 0.0; 0.0, 1.0, 0.0]")
    let other = try await geometric.explanation(of: input("mug-001"), for: input("brick-001"))
    #expect(other.first?.value == "0")
    #expect(other.last?.name == "transform")
    #expect(other.last?.value.hasPrefix("none: ") == true)
  }

  @Test func `a text is refused with the remedy`() async throws {
    let geometric = try await reranker()
    let joint = ModelInput(name: "both", parts: input("mug-001").parts + [.text("a mug")])
    for question in [ModelInput.text("a red mug"), joint] {
      let error = await #expect(throws: ParallaxError.self) {
        _ = try await geometric.scores(of: [input("mug-001")], for: question)
      }
      #expect(error?.code == .unsupported)
      #expect(error?.message.contains("compares pictures and reads no text") == true)
      #expect(error?.hint?.contains("--image") == true)
    }
    #expect(!geometric.capabilities.readsQuestionText && geometric.capabilities.readsQuestionImages)
  }

  @Test func `a broken candidate fails alone, a broken question as a whole`() async throws {
    let geometric = try await reranker()
    try await withTemporaryDirectory { folder in
      try TestFiles.write("no picture", to: "\(folder)/broken.jpg")
      let broken = ModelInput(name: "broken", parts: [.image(path: "\(folder)/broken.jpg")])
      let path = "\(Self.tiles)/mug-001.jpg"
      let hash = try #require(ContentHash(hexadecimal: String(repeating: "0", count: 64)))
      let changed = ModelInput(name: "changed", parts: [.image(path: path, hash: hash)])
      let outcomes = try await geometric.scores(
        of: [input("mug-001"), broken, changed, .text("a mug"), input("mug-002")],
        for: input("mug-001"))
      let isWhole = outcomes.map { (try? $0.get()) != nil }
      #expect(isWhole == [true, false, false, false, true])
      await #expect(throws: ParallaxError.self) {
        _ = try await geometric.scores(of: [input("mug-001")], for: broken)
      }
    }
  }

  @Test func `of several asked pictures the one that agrees best counts`() async throws {
    let geometric = try await reranker()
    let both = ModelInput(
      name: "both", parts: input("brick-001").parts + input("wood-003").parts)
    let scores = try await geometric.scores(of: [input("wood-003")], for: both)
    let alone = try await geometric.scores(of: [input("wood-003")], for: input("wood-003"))
    #expect(try scores.map { try $0.get() } == alone.map { try $0.get() })
  }

  @Test func `its identity names all that decides a score`() async throws {
    let spec = try await reranker().spec
    #expect(spec.scale == .inliers && spec.provider == "geometric" && spec.model == "geometric")
    #expect(spec.version.hasPrefix("4."))
    #expect(spec.settings == GeometrySettings.identity + [spec.settings.last ?? ""])
    #expect(spec.settings.last?.hasPrefix("processor=") == true)
  }

  @Test func `what was looked at is kept until others need the room`() throws {
    let library = try GeometryLibrary.shared()
    var generator = SeededGenerator(seed: 1)
    let noise = PixelBuffer(
      width: 64, height: 64,
      bytes: (0..<64 * 64 * 3).map { _ in UInt8.random(in: 0...255, using: &generator) })
    let picture = LookedAt(width: 64, height: 64, features: try library.features(of: noise))
    try #require(picture.features.bytes > 0)
    let hashes = try (0..<5).map {
      try #require(ContentHash(hexadecimal: String(repeating: "\($0)", count: 64)))
    }
    let memory = FeatureMemory(bytes: 3 * picture.features.bytes)
    for hash in hashes { memory[hash] = picture }
    memory[hashes[4]] = picture
    #expect(hashes.map { memory[$0] != nil } == [false, false, true, true, true])
  }
}
