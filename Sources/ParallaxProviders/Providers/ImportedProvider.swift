package import ParallaxCore

/// What made the vectors that `import` read: nothing here, so that nothing can be embedded as they were.
package enum ImportedProvider: Provider {
  package static let id = "imported"
  package static let summary = "vectors made elsewhere"
  package static let models: [ModelDescription] = []

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    throw ParallaxError(
      .unsupported,
      "the vectors of '\(request.model)' were imported, and nothing here embeds a text or an image "
        + "as they were",
      hint: "ask with --like ID; vectors of a model that 'list models' shows are imported with "
        + "--provider, and can be asked by text")
  }
}
