package import ParallaxCore
internal import ParallaxHTTP

/// Voyage AI's multimodal models.
package enum VoyageProvider: Provider {
  package static let id = "voyage"
  package static let summary = "Voyage AI; needs a key in VOYAGE_API_KEY"
  package static let isRemote = true
  package static let models = [
    ModelDescription(
      name: "voyage-multimodal-3.5", summary: "images and text, 256 to 2048 dimensions",
      price: price,
      facts: [
        .init("inputs", "images, text (32,000 tokens)"),
        .init("dimensions", "256, 512, 1024 or 2048; 1024 unless asked"),
      ] + facts),
    ModelDescription(
      name: "voyage-multimodal-3", summary: "images and text, 1024 dimensions", price: price,
      facts: [.init("inputs", "images, text (32,000 tokens)"), .init("dimensions", "1024")] + facts
    ),
  ]

  /// Images are counted by their pixels, 560 to a token: this is one of 1024 × 768.
  private static let price = ModelPrice(
    dollarsPerImage: 0.000169, dollarsPerMillionTokens: 0.12, date: "2026-11")

  private static let facts: [ModelDescription.Fact] = [
    .init("task types", "RETRIEVAL_DOCUMENT"),
    .init("how a task is sent", "the request's field 'input_type', for images, too"),
    .init("key", VoyageAPI.keyNames.joined()),
    .init("address", "\(address), or PARALLAX_VOYAGE_URL"),
  ]

  package static func recognizes(model: String) -> Bool { model.hasPrefix("voyage-multimodal") }

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    let isFixed = request.model == "voyage-multimodal-3"
    let model = RemoteModel(
      provider: id, name: request.model, dimensions: isFixed ? [] : [256, 512, 2048],
      fullDimension: 1024, joinsText: true, tasks: [("RETRIEVAL_DOCUMENT", "RETRIEVAL_QUERY")],
      tasksMoveImages: true, textTokens: 32_000, tokensPerImage: 1_400)
    let api = VoyageAPI(
      base: environment.address(of: id, own: address), model: request.model,
      key: try key(in: environment),
      dimension: isFixed ? nil : try model.dimension(request),
      marksSides: try model.task(request) != nil)
    return try model.embedder(request, api: api, in: environment)
  }

  static func key(in environment: ProviderEnvironment) throws -> Secret {
    try environment.key(
      VoyageAPI.keyNames, of: id, hint: "create one at Voyage AI, then: export VOYAGE_API_KEY=…")
  }

  static let address = "https://api.voyageai.com/v1"
}
