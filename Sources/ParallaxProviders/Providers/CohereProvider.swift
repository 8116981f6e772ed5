package import ParallaxCore
internal import ParallaxHTTP

/// Cohere's multimodal models.
package enum CohereProvider: Provider {
  package static let id = "cohere"
  package static let summary = "Cohere; needs a key in CO_API_KEY or COHERE_API_KEY"
  package static let isRemote = true
  package static let models = [
    ModelDescription(
      name: "embed-v4.0", summary: "images and text, 256 to 1536 dimensions",
      // An image of 1024 × 768 is counted as about a thousand tokens.
      price: ModelPrice(
        dollarsPerImage: 0.00047, dollarsPerMillionTokens: 0.12, date: "2026-11"),
      facts: [
        .init("inputs", "images, text"),
        .init("dimensions", "256, 512, 1024 or 1536"),
        .init("task types", tasks.map(\.name).joined(separator: ", ")),
        .init(
          "how a task is sent",
          "the request's field 'input_type', for images, too; RETRIEVAL_DOCUMENT unless asked"),
        .init("key", CohereAPI.keyNames.joined(separator: ", else ")),
        .init("address", "\(address), or PARALLAX_COHERE_URL"),
      ])
  ]

  private static let tasks: [(name: String, query: String)] = [
    ("RETRIEVAL_DOCUMENT", "RETRIEVAL_QUERY"), ("CLASSIFICATION", "CLASSIFICATION"),
    ("CLUSTERING", "CLUSTERING"),
  ]

  private static let inputTypes = [
    "RETRIEVAL_DOCUMENT": "search_document", "RETRIEVAL_QUERY": "search_query",
    "CLASSIFICATION": "classification", "CLUSTERING": "clustering",
  ]

  package static func recognizes(model: String) -> Bool { model.hasPrefix("embed-v") }

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    // The service takes no request without an input type.
    var request = request
    request.task = request.task ?? "RETRIEVAL_DOCUMENT"
    let isNewer = !request.model.hasPrefix("embed-v4")
    let model = RemoteModel(
      provider: id, name: request.model,
      dimensions: isNewer ? [256, 512, 1024, 1536] : [256, 512, 1024],
      fullDimension: isNewer ? 2048 : 1536, joinsText: true, tasks: tasks, tasksMoveImages: true,
      textTokens: 128_000)
    let task = try model.task(request)
    let api = CohereAPI(
      base: environment.address(of: id, own: address), model: request.model,
      key: try key(in: environment),
      dimension: try model.dimension(request),
      inputTypes: [
        .document: task.flatMap { inputTypes[$0.name] } ?? "search_document",
        .query: task.flatMap { inputTypes[$0.query] } ?? "search_query",
      ])
    return try model.embedder(request, api: api, in: environment)
  }

  static func key(in environment: ProviderEnvironment) throws -> Secret {
    try environment.key(
      CohereAPI.keyNames, of: id, hint: "create one at Cohere, then: export CO_API_KEY=…")
  }

  static let address = "https://api.cohere.com/v2"
}
