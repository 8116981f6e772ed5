package import ParallaxCore
internal import ParallaxHTTP

/// Google's Gemini API: Gemini Embedding 2 for images and text, and its predecessor for text.
package enum GeminiProvider: Provider {
  package static let id = "gemini"
  package static let summary =
    "Google's Gemini API; needs a key in GOOGLE_API_KEY or GEMINI_API_KEY"
  package static let isRemote = true
  package static let models = [
    ModelDescription(
      name: "gemini-embedding-2", summary: "images and text, 128 to 3072 dimensions, multilingual",
      price: ModelPrice(
        dollarsPerImage: 0.00012, dollarsPerMillionTokens: 0.20, date: "2026-11"),
      facts: [
        .init("inputs", "images, text (8,192 tokens)"),
        .init("dimensions", "128 to 3072; 768, 1536 and 3072 are recommended"),
        .init("task types", GeminiTask.all.map(\.name).joined(separator: ", ")),
        .init("how a task is said", "words in front of a text; images go bare"),
        .init("images are sent as", "\(RemotePicture.gemini.identity), nothing but the pixels"),
        .init("in a request", "16 images, at most 100 items and 3.5 MB"),
      ] + connection),
    ModelDescription(
      name: "gemini-embedding-001", summary: "text only, 128 to 3072 dimensions",
      price: ModelPrice(dollarsPerImage: 0, dollarsPerMillionTokens: 0.15, date: "2026-11"),
      facts: [
        .init("inputs", "text (2,048 tokens)"), .init("dimensions", "128 to 3072"),
        .init("task types", GeminiTask.all.map(\.name).joined(separator: ", ")),
        .init("how a task is said", "the request's field 'taskType'"),
      ] + connection),
  ]

  private static let connection: [ModelDescription.Fact] = [
    .init("key", "GOOGLE_API_KEY, else GEMINI_API_KEY"),
    .init("address", "\(address), or PARALLAX_GEMINI_URL"),
    .init("own limit", "PARALLAX_GEMINI_ITEMS_PER_MINUTE, if it is set"),
    .init("tried against the live service", "no; against its recorded formats"),
  ]

  package static func recognizes(model: String) -> Bool { model.hasPrefix("gemini-") }

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    let isTextOnly = request.model == "gemini-embedding-001"
    let capabilities = EmbedderCapabilities(
      embedsImages: !isTextOnly, embedsText: true, fullDimension: 3072,
      shorterDimensions: [128, 256, 512, 768, 1536], tasks: GeminiTask.all.map(\.name),
      preferredBatch: 16, concurrentBatches: 8)
    let dimension = request.dimension ?? capabilities.fullDimension
    guard (128...3072).contains(dimension) else {
      throw ParallaxError(
        .unsupported, "model '\(request.model)' has 128 to 3072 dimensions; got \(dimension)",
        hint: "768, 1536 and 3072 are recommended")
    }
    let task = try request.task.map { try GeminiTask.named($0, model: request.model) }
    let picture = RemotePicture.gemini
    let api = GeminiAPI(
      base: environment.variables["PARALLAX_GEMINI_URL"] ?? address, model: request.model,
      key: try key(in: environment), dimension: dimension,
      taskType: isTextOnly ? task?.name : nil)
    return RemoteEmbedder(
      spec: EmbeddingSpec(
        provider: id, model: request.model, version: isTextOnly ? "001" : "unstated",
        task: task?.name, queryTask: task?.queryName, dimension: dimension,
        preprocessing: isTextOnly ? "none" : picture.identity),
      capabilities: capabilities, api: api,
      client: HTTPClient(
        transport: environment.transport,
        limits: environment.variables["PARALLAX_GEMINI_ITEMS_PER_MINUTE"].flatMap(Double.init)
          .map { [.init($0, per: .seconds(60))] } ?? [],
        concurrency: capabilities.concurrentBatches, trace: environment.trace),
      decoder: environment.decoder, picture: picture,
      // The request field is ignored by the newer models: the task is part of the text.
      prefixes: isTextOnly ? [:] : task?.prefixes ?? [:])
  }

  private static let address = "https://generativelanguage.googleapis.com/v1beta"

  private static func key(in environment: ProviderEnvironment) throws -> Secret {
    for name in ["GOOGLE_API_KEY", "GEMINI_API_KEY"] {
      let key = Secret(environment.variables[name] ?? "")
      if !key.isEmpty || environment.isOffline { return key }
    }
    throw ParallaxError(
      .authentication, "provider 'gemini' needs a key in \(GeminiAPI.keyNames)",
      hint: "make one at Google AI Studio, then: export GEMINI_API_KEY=…")
  }
}

/// A task type, and the words that stand for it in front of a text.
///
/// Source: the service's documentation of embeddings, as of November 2026.
struct GeminiTask: Sendable, Hashable {
  var name: String
  /// The query side that belongs to it.
  var queryName: String
  var documentPrefix: String
  var queryPrefix: String

  var prefixes: [EmbeddingSide: String] { [.document: documentPrefix, .query: queryPrefix] }

  private static func symmetric(_ name: String, _ words: String) -> GeminiTask {
    let prefix = "task: \(words) | query: "
    return GeminiTask(name: name, queryName: name, documentPrefix: prefix, queryPrefix: prefix)
  }

  private static func retrieval(_ name: String, _ query: String, _ words: String) -> GeminiTask {
    GeminiTask(
      name: name, queryName: query, documentPrefix: "title: none | text: ",
      queryPrefix: "task: \(words) | query: ")
  }

  static let all = [
    retrieval("RETRIEVAL_DOCUMENT", "RETRIEVAL_QUERY", "search result"),
    retrieval("QUESTION_ANSWERING", "QUESTION_ANSWERING", "question answering"),
    retrieval("FACT_VERIFICATION", "FACT_VERIFICATION", "fact checking"),
    symmetric("SEMANTIC_SIMILARITY", "sentence similarity"),
    symmetric("CLASSIFICATION", "classification"),
    symmetric("CLUSTERING", "clustering"),
  ]

  static func named(_ name: String, model: String) throws -> GeminiTask {
    if let task = all.first(where: { $0.name == name }) { return task }
    let names = all.map(\.name)
    throw ParallaxError(
      .unsupported,
      "model '\(model)' knows the task types \(names.joined(separator: ", ")); got '\(name)'",
      hint: Suggestion.hint(for: name, among: names))
  }
}

extension RemotePicture {
  /// A picture costs the same at any size: enough pixels for detail, few enough for many in a request.
  static let gemini = RemotePicture(
    transform: ImageTransform(resize: .fit(width: 1024, height: 1024)), quality: 90)
}
