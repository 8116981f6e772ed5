package import ParallaxCore

/// The embedded default: a small dual encoder shipped with the program, no network, no key.
package enum MiniProvider: Provider {
  package static let id = "mini"
  package static let summary = "the embedded model: no network, no key"
  package static let models = [
    ModelDescription(
      name: "mini", summary: "small dual encoder for images and English text, on the CPU",
      facts: [
        .init("inputs", "images, text (32 tokens, English)"),
        .init("dimensions", "256, or its prefixes of 128, 64 and 32"),
        .init(
          "task types", "RETRIEVAL_QUERY, RETRIEVAL_DOCUMENT, SEMANTIC_SIMILARITY, CLASSIFICATION"),
        .init("how a task is sent", "as a prefix of the text"),
        .init("price", "none: it runs on this machine, without a network or a key"),
      ])
  ]

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    guard let folder = environment.miniFolder else {
      throw ParallaxError(
        .missingComponent, "the files of the embedded model were not found",
        hint: "set PARALLAX_MINI to their folder")
    }
    return try await LocalModelEmbedder(
      provider: id, request: request, folder: folder, environment: environment,
      shippedAs: environment.isMiniNamed ? nil : "mini")
  }
}
