package import ParallaxCore

extension CohereProvider {
  package static let rerankers = [
    ModelDescription(
      name: "rerank-v4.0-pro", summary: "reads text, multilingual", facts: rerankerFacts),
    ModelDescription(
      name: "rerank-v4.0-fast", summary: "reads text, multilingual, faster", facts: rerankerFacts),
    ModelDescription(
      name: "rerank-v3.5", summary: "reads text, multilingual", facts: rerankerFacts),
  ]

  private static let rerankerFacts: [ModelDescription.Fact] = [
    .init("question", "text"), .init("candidates", "text (4,096 tokens of it are read)"),
    .init("scores", "from 0 to 1"),
    .init("counted as", "one search for each 100 candidates of a question"),
    .init("key", CohereAPI.keyNames.joined(separator: ", else ")),
    .init("address", "\(address), or PARALLAX_COHERE_URL"),
  ]

  package static func recognizes(reranker model: String) -> Bool { model.hasPrefix("rerank-v") }

  package static func makeReranker(
    _ request: RerankerRequest, in environment: ProviderEnvironment
  ) async throws -> any Reranker {
    let model = RemoteRerankModel(
      provider: id, name: request.model, scale: .probability, textTokens: 4_096,
      notes: [RemoteRerankModel.textOnly])
    let api = CohereRerankAPI(
      base: environment.address(of: id, own: address), model: request.model,
      key: try key(in: environment))
    return try model.reranker(request, api: api, in: environment)
  }
}
