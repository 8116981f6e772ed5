package import ParallaxCore
internal import ParallaxHTTP

/// Jina AI's multimodal models.
package enum JinaProvider: Provider {
  package static let id = "jina"
  package static let summary = "Jina AI; needs a key in JINA_API_KEY"
  package static let isRemote = true
  package static let models = [
    ModelDescription(
      name: "jina-embeddings-v4", summary: "images and text, 128 to 2048 dimensions, multilingual",
      facts: [
        .init("dimensions", "128 to 2048"),
        .init("task types", "RETRIEVAL_DOCUMENT, SEMANTIC_SIMILARITY"),
      ] + facts),
    ModelDescription(
      name: "jina-clip-v2", summary: "images and text, 64 to 1024 dimensions, multilingual",
      facts: [
        .init("dimensions", "64 to 1024"), .init("task types", "RETRIEVAL_DOCUMENT"),
      ] + facts),
    ModelDescription(
      name: "jina-embeddings-v5-omni-small", summary: "images and text, 1024 dimensions",
      facts: [
        .init("dimensions", "1024"),
        .init("task types", "RETRIEVAL_DOCUMENT, SEMANTIC_SIMILARITY"),
      ] + facts),
  ]

  private static let facts: [ModelDescription.Fact] = [
    .init("inputs", "images, text"),
    .init("how a task is sent", "the request's field 'task'"),
    .init("key", JinaAPI.keyNames.joined()),
    .init("address", "\(address), or PARALLAX_JINA_URL"),
  ]

  private static let retrieval = (name: "RETRIEVAL_DOCUMENT", query: "RETRIEVAL_QUERY")
  private static let similarity = (name: "SEMANTIC_SIMILARITY", query: "SEMANTIC_SIMILARITY")

  package static func recognizes(model: String) -> Bool {
    model.hasPrefix("jina-") && !recognizes(reranker: model)
  }

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    let isCLIP = request.model.hasPrefix("jina-clip")
    let isV4 = request.model == "jina-embeddings-v4"
    let full = isV4 ? 2048 : request.model.hasSuffix("-nano") ? 768 : 1024
    let model = RemoteModel(
      provider: id, name: request.model,
      dimensions: [64, 128, 256, 512, 1024].filter { $0 >= (isCLIP ? 64 : 128) && $0 < full },
      range: (isCLIP ? 64 : 128)...full, fullDimension: full,
      tasks: isCLIP ? [retrieval] : [retrieval, similarity], tasksMoveImages: !isCLIP,
      textTokens: isCLIP ? 8_192 : isV4 ? 32_768 : nil)
    let task = try model.task(request)
    var names: [EmbeddingSide: String] = [:]
    if task?.name == retrieval.name {
      names[.query] = "retrieval.query"
      // The CLIP models know the query side only.
      if !isCLIP { names[.document] = "retrieval.passage" }
    } else if task != nil {
      names = [.document: "text-matching", .query: "text-matching"]
    }
    let api = JinaAPI(
      base: environment.address(of: id, own: address), model: request.model,
      key: try key(in: environment),
      dimension: try model.dimension(request), tasks: names)
    return try model.embedder(request, api: api, in: environment)
  }

  static func key(in environment: ProviderEnvironment) throws -> Secret {
    try environment.key(
      JinaAPI.keyNames, of: id, hint: "create one at Jina AI, then: export JINA_API_KEY=…")
  }

  static let address = "https://api.jina.ai/v1"
}
