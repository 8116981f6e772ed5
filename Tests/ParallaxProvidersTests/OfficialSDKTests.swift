import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

/// Our requests beside those of the providers' own Python packages (google-genai, voyageai, cohere).
///
/// `PARALLAX_TEST_SDK_PYTHON` names a Python that has them.
@Suite(
  .enabled(
    if: ProviderServer.pythonWithSDKs != nil,
    "needs google-genai, voyageai and cohere; name their Python in PARALLAX_TEST_SDK_PYTHON"))
struct OfficialSDKTests {
  private static let decoder = ImageDecoder(
    workers: 1, executable: builtProduct(named: "parallax"))

  @Test(arguments: [
    // Nothing differs but spelling.
    ("gemini", "gemini-embedding-2", nil, ""),
    ("vertex", "vertex:gemini-embedding-2", nil, ""),
    // Its package turns pictures into WebP and asks for packed numbers.
    (
      "voyage", "voyage-multimodal-3.5", "RETRIEVAL_DOCUMENT", "encodingFormat: nothing | base64\n"
    ),
    ("cohere", "embed-v4.0", nil, ""),
  ])
  func `a request is that of the official package`(
    provider: String, model: String, task: String?, differences: String
  ) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    let environment = ProviderEnvironment(
      decoder: Self.decoder, threads: 1, miniFolder: nil,
      transport: CurlTransport(connections: 1, agent: "parallax-tests"),
      variables: server.environment(path: provider == "cohere" ? "v2" : "v1"))
    let remote = try #require(
      try await ProviderRegistry.provider(ofModel: model).makeEmbedder(
        EmbedderRequest(model: model, dimension: 256, task: task), in: environment)
        as? RemoteEmbedder)
    let picture = TestData.packageRoot + "/datasets/tiles/images/mug-001.jpg"
    let jpeg = try await remote.picture.jpeg(at: picture, Self.decoder)
    // Vertex takes one item a request.
    let inputs: [RemoteInput] =
      (provider == "vertex" ? [.jpeg(jpeg)] : [.text("a red mug"), .jpeg(jpeg)])
      .map { RemoteInput(parts: [$0]) }
    let ours = try await remote.api.request(for: inputs, side: .document)
    _ = try await environment.transport.send(ours)

    try await withTemporaryDirectory { folder in
      try TestFiles.write(jpeg, to: folder + "/mug.jpg")
      let sent = try await server.runSDK([
        provider, "http://127.0.0.1:\(server.port)", ProviderServer.key, folder + "/mug.jpg",
        "a red mug", "256",
      ])
      #expect(sent.code == 0, "\(sent.errors)")
    }
    #expect(try await server.differencesOfLastRequests() == differences)
  }

  @Test func `a job of Vertex AI is that of the official package`() async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    let environment = ProviderEnvironment(
      decoder: Self.decoder, threads: 1, miniFolder: nil,
      transport: CurlTransport(connections: 1, agent: "parallax-tests"),
      variables: server.environment())
    let remote = try #require(
      try await VertexProvider.makeEmbedder(
        EmbedderRequest(model: "vertex:gemini-embedding-2", dimension: 256), in: environment)
        as? RemoteEmbedder)
    let batches = try #require(remote.batches)
    let failures = try await batches.submit(
      [.text("a red mug")], side: .document, bucket: try JobBucket("gs://mine/x"),
      meter: VertexBatchTests.Meter())
    #expect(failures.isEmpty)
    let sent = try await server.runSDK([
      "vertex_job", "http://127.0.0.1:\(server.port)", ProviderServer.key,
      TestData.packageRoot + "/datasets/tiles/images/mug-001.jpg", "", "0",
    ])
    #expect(sent.code == 0, "\(sent.errors)")
    #expect(try await server.differencesOfLastRequests() == "")
  }

  @Test(arguments: [
    // The package asks for it as we do: a text that is too long is refused.
    ("voyage_rerank", "rerank-2.5", "v1"), ("cohere_rerank", "rerank-v4.0-pro", "v2"),
  ])
  func `a request for scores is that of the official package`(
    function: String, model: String, path: String
  ) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    let environment = ProviderEnvironment(
      decoder: Self.decoder, threads: 1, miniFolder: nil,
      transport: CurlTransport(connections: 1, agent: "parallax-tests"),
      variables: server.environment(path: path))
    let provider = try #require(
      ProviderRegistry.all.first { $0.rerankers.contains { $0.name == model } })
    let remote = try await provider.makeReranker(RerankerRequest(model: model), in: environment)
    let scores = try await remote.scores(
      of: [.text("a mug"), .text("a shoe")], for: .text("a red mug"))
    #expect(scores.allSatisfy { (try? $0.get()) != nil })
    let sent = try await server.runSDK([
      function, "http://127.0.0.1:\(server.port)", ProviderServer.key,
      TestData.packageRoot + "/datasets/tiles/images/mug-001.jpg", "a red mug", "0",
    ])
    #expect(sent.code == 0, "\(sent.errors)")
    #expect(try await server.differencesOfLastRequests() == "")
  }

  @Test(arguments: [
    ("pointwise", "images"), ("listwise", "images"), ("listwise", "grid"), ("pairwise", "images"),
  ])
  func `a request to a judge is that of the official package`(
    mode: String, layout: String
  ) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    let environment = ProviderEnvironment(
      decoder: Self.decoder, threads: 1, miniFolder: nil,
      transport: CurlTransport(connections: 1, agent: "parallax-tests"),
      variables: server.environment())
    let judge = try await GeminiProvider.makeReranker(
      try JudgeTests.request(mode, others: [.init("layout", layout)]), in: environment)
    let picture = TestData.packageRoot + "/datasets/tiles/images/mug-001.jpg"
    let candidates = [ModelInput(name: "mug", parts: [.image(path: picture)]), .text("a shoe")]
    _ = try await judge.scores(
      of: mode == "pointwise" ? [candidates[0]] : candidates, for: .text("a red mug"))
    let sent = try await server.runSDK([
      "gemini_judge", "http://127.0.0.1:\(server.port)", ProviderServer.key, picture, "", "0",
    ])
    #expect(sent.code == 0, "\(sent.errors)")
    #expect(try await server.differencesOfLastRequests() == "")
  }
}
