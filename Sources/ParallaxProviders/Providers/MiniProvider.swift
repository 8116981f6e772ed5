package import ParallaxCore

/// The embedded default: a small dual encoder shipped with the program, no network, no key.
package enum MiniProvider: Provider {
  package static let id = "mini"
  package static let summary = "the embedded model: no network, no key"
  package static let models = [
    ModelDescription(
      name: "mini", summary: "small dual encoder for images and English text, on the processor",
      facts: [
        .init("inputs", "images, text (32 tokens, English)"),
        .init("dimensions", "256, or its prefixes of 128, 64 and 32"),
        .init(
          "task types",
          "RETRIEVAL_QUERY, RETRIEVAL_DOCUMENT, SEMANTIC_SIMILARITY, CLASSIFICATION: words in "
            + "front of a text"),
        .init("price", "none: it runs here, with no network and no key"),
      ])
  ]

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    guard let folder = environment.miniFolder else {
      throw ParallaxError(
        .missingComponent, "the embedded model's files are not beside the program",
        hint: "name their folder in PARALLAX_MINI")
    }
    return try await LocalModelEmbedder(
      provider: id, request: request, folder: folder, environment: environment,
      shippedAs: environment.isMiniNamed ? nil : "mini")
  }
}
