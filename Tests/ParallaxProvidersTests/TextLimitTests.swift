import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

/// What is said of texts that a remote model reads only in part; nobody is asked for it.
struct TextLimitTests {
  private func embedder(_ model: String) async throws -> any Embedder {
    let provider = try ProviderRegistry.provider(ofModel: model)
    return try await provider.makeEmbedder(
      EmbedderRequest(model: model),
      in: ProviderEnvironment(
        decoder: ImageDecoder(workers: 1, executable: builtProduct(named: "parallax")), threads: 1,
        miniFolder: nil,
        transport: CurlTransport(connections: 1, agent: "parallax-tests"),
        variables: [
          "GEMINI_API_KEY": "key", "VOYAGE_API_KEY": "key", "CO_API_KEY": "key",
          "JINA_API_KEY": "key",
          "GOOGLE_OAUTH_ACCESS_TOKEN": "token", "GOOGLE_CLOUD_PROJECT": "project",
        ]))
  }

  @Test(arguments: [
    ("gemini-embedding-001", 2_048), ("gemini-embedding-2", 8_192),
    ("vertex:multimodalembedding@001", 32), ("voyage-multimodal-3.5", 32_000),
    ("embed-v4.0", 128_000), ("jina-clip-v2", 8_192), ("jina-embeddings-v4", 32_768),
  ])
  func `a text of more words than the limit is cut for certain`(
    model: String, limit: Int
  ) async throws {
    func words(_ count: Int) -> String { (0..<count).map { "w\($0)" }.joined(separator: " \n") }
    let limits = try await embedder(model).limits(
      exceededBy: [words(limit), words(limit + 1), "", "a"], side: .document)
    #expect(limits == [nil, TextLimit(tokens: limit), nil, nil])
  }

  @Test func `nothing is said where nothing is known`() async throws {
    let text = String(repeating: "word ", count: 200_000)
    #expect(
      try await embedder("jina-embeddings-v5-omni-small").limits(exceededBy: [text], side: .query)
        == [nil])
  }
}
