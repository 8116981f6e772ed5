package import ParallaxCore

extension JinaProvider {
  package static let rerankers = [
    ModelDescription(
      name: "jina-reranker-m0",
      summary: "looks at images, for a question of text",
      facts: [
        .init("question", "text"), .init("candidates", "images"),
        .init("scores", "of no stated range; compare those of one question"),
        .init("license", "CC BY-NC 4.0: not for commercial use, but through the service"),
      ] + rerankerFacts),
    ModelDescription(
      name: "jina-reranker-v3",
      summary: "reads text; a score depends on the whole list",
      facts: [.init("question", "text"), .init("candidates", "text, 64 at most")] + rerankerFacts),
    ModelDescription(
      name: "jina-reranker-v2-base-multilingual", summary: "reads text",
      facts: [.init("question", "text"), .init("candidates", "text")] + rerankerFacts),
  ]

  private static let rerankerFacts: [ModelDescription.Fact] = [
    .init("key", JinaAPI.keyNames.joined()),
    .init("address", "\(address), or PARALLAX_JINA_URL"),
  ]

  package static func recognizes(reranker model: String) -> Bool {
    model.hasPrefix("jina-reranker-")
  }

  package static func makeReranker(
    _ request: RerankerRequest, in environment: ProviderEnvironment
  ) async throws -> any Reranker {
    let looks = request.model == "jina-reranker-m0"
    // From the third on, a text is read together with the others of its list.
    let isListwise = request.model.hasPrefix("jina-reranker-v3")
    let model = RemoteRerankModel(
      provider: id, name: request.model, readsImages: looks, isListwise: isListwise,
      // Of 28 by 28 pixels each; a picture is sent with 1024 by 1024 at most.
      tokensPerImage: 1_369, batch: isListwise ? 64 : 100,
      notes: looks
        ? [
          "the weights of 'jina-reranker-m0' are under CC BY-NC 4.0: not for commercial use, but "
            + "through the service"
        ] : [RemoteRerankModel.textOnly])
    let api = JinaRerankAPI(
      base: environment.address(of: id, own: address), model: request.model,
      key: try key(in: environment), readsImages: looks)
    return try model.reranker(request, api: api, in: environment)
  }
}
