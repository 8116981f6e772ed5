package import ParallaxCore

extension VoyageProvider {
  package static let rerankers = [
    ModelDescription(
      name: "rerank-2.5", summary: "reads text, multilingual",
      price: ModelPrice(dollarsPerImage: nil, dollarsPerMillionTokens: 0.05, date: "2026-11"),
      facts: rerankerFacts),
    ModelDescription(
      name: "rerank-2.5-lite", summary: "reads text, multilingual, faster",
      price: ModelPrice(dollarsPerImage: nil, dollarsPerMillionTokens: 0.02, date: "2026-11"),
      facts: rerankerFacts),
  ]

  private static let rerankerFacts: [ModelDescription.Fact] = [
    .init("question", "text (8,000 tokens)"),
    .init("candidates", "text (32,000 tokens with the question; a longer one is refused)"),
    .init("scores", "of no stated range; compare those of one question"),
    .init("counted as", "the tokens of each candidate and, each time, of the question"),
    .init("key", VoyageAPI.keyNames.joined()),
    .init("address", "\(address), or PARALLAX_VOYAGE_URL"),
  ]

  package static func recognizes(reranker model: String) -> Bool {
    model.hasPrefix("rerank-") && !CohereProvider.recognizes(reranker: model)
  }

  package static func makeReranker(
    _ request: RerankerRequest, in environment: ProviderEnvironment
  ) async throws -> any Reranker {
    let model = RemoteRerankModel(
      provider: id, name: request.model, notes: [RemoteRerankModel.textOnly])
    let api = VoyageRerankAPI(
      base: environment.address(of: id, own: address), model: request.model,
      key: try key(in: environment))
    return try model.reranker(request, api: api, in: environment)
  }
}
