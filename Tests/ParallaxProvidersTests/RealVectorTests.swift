import ParallaxCore
import ParallaxDigest
import ParallaxHTTP
import ParallaxImaging
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

/// Rankings through a provider's API against those of the same model in process.
@Suite(.enabled(if: ProviderServer.python != nil, "needs Python"))
struct RealVectorTests {
  private static let environment = ProviderEnvironment(
    decoder: ImageDecoder(workers: 2, executable: builtProduct(named: "parallax")), threads: 1,
    miniFolder: TestData.packageRoot + "/Sources/ParallaxProviders/Resources/mini",
    transport: CurlTransport(connections: 4, agent: "parallax-tests"))

  private static let inputs = ["mug", "shoe", "brick", "car"].flatMap { kind in
    (1...9).map {
      ModelInput(
        name: "\(kind)-00\($0)",
        parts: [
          .image(path: "\(TestData.packageRoot)/datasets/tiles/images/\(kind)-00\($0).jpg")
        ])
    }
  }
  private static let texts = ["a red mug", "a blue shoe", "a wall of bricks", "a small car"]

  @Test func `rankings through the API are those in process`() async throws {
    let mini = try await MiniProvider.makeEmbedder(
      EmbedderRequest(model: "mini"), in: Self.environment)
    let pictures = try await mini.embed(Self.inputs, side: .document).map { try $0.get() }
    let questions = try await mini.vectors(of: Self.texts, side: .query)
    var jpegs: [[UInt8]] = []
    for case .image(let path, _) in Self.inputs.flatMap(\.parts) {
      jpegs.append(try await RemotePicture.usual.jpeg(at: path, Self.environment.decoder))
    }
    let digests = jpegs.map { Digest.sha256($0) } + Self.texts.map { Digest.sha256($0) }
    let known = zip(digests, pictures + questions).map { digest, vector in
      "\"\(digest.hexadecimal)\": [\(vector.map { "\($0)" }.joined(separator: ","))]"
    }
    try await withTemporaryDirectory { folder in
      try TestFiles.write("{\(known.joined(separator: ","))}", to: folder + "/vectors.json")
      let server = try await ProviderServer(["--vectors", folder + "/vectors.json"])
      defer { server.stop() }
      var environment = Self.environment
      environment.variables = server.environment()
      let gemini = try await GeminiProvider.makeEmbedder(
        EmbedderRequest(model: "gemini-embedding-2", dimension: 256), in: environment)
      let asked = try await gemini.embed(Self.inputs, side: .document).map { try $0.get() }
      for (own, remote) in zip(questions, try await gemini.vectors(of: Self.texts, side: .query)) {
        #expect(ranking(of: asked, by: remote) == ranking(of: pictures, by: own))
      }
      let apart = zip(asked.joined(), pictures.joined()).reduce(Float(0)) {
        max($0, abs($1.0 - $1.1))
      }
      #expect(apart < 1e-6)
    }
  }

  private func ranking(of vectors: [[Float]], by query: [Float]) -> [Int] {
    let scores = vectors.map { zip($0, query).reduce(Float(0)) { $0 + $1.0 * $1.1 } }
    return scores.indices.sorted { scores[$0] > scores[$1] }
  }
}
