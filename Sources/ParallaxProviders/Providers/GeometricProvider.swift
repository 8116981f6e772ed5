package import ParallaxCore
private import ParallaxGeometry

/// Compares pictures by their local features: a reranker for image questions.
package enum GeometricProvider: Provider {
  package static let id = "geometric"
  package static let summary = "local features and one transform, by OpenCV"
  package static let models: [ModelDescription] = []
  package static let explainsPairs = true

  package static let rerankers = [
    ModelDescription(
      name: "geometric",
      summary: "finds crops and other copies: counts local features that agree with one transform",
      facts: [
        .init("questions", "images"),
        .init("candidates", "images"),
        .init(
          "score",
          "the number of matches that agree with one transform; fewer than "
            + "\(GeometrySettings.leastInliers) count as 0, which keeps the first stage's order"),
        .init("needs", "scripts/setup --geometry, once"),
      ])
  ]

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    throw ParallaxError(
      .unsupported, "'\(request.model)' compares pairs of pictures and gives no vectors",
      hint: "use it with rerank --model geometric")
  }

  @concurrent package static func makeReranker(
    _ request: RerankerRequest, in environment: ProviderEnvironment
  ) async throws -> any Reranker {
    GeometricReranker(
      model: request.model, library: try GeometryLibrary.shared(), decoder: environment.decoder)
  }
}
