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
        .init("how a task is sent", "as a prefix of the text; images are sent without one"),
        .init("in a request", "16 images, at most 100 items and 3.5 MB"),
      ] + connection),
    ModelDescription(
      name: "gemini-embedding-001", summary: "text only, 128 to 3072 dimensions",
      price: ModelPrice(dollarsPerImage: nil, dollarsPerMillionTokens: 0.15, date: "2026-11"),
      facts: [
        .init("inputs", "text (2,048 tokens)"), .init("dimensions", "128 to 3072"),
        .init("task types", GeminiTask.all.map(\.name).joined(separator: ", ")),
        .init("how a task is sent", "the request's field 'taskType'"),
      ] + connection),
  ]

  static let connection: [ModelDescription.Fact] = [
    .init("key", GeminiAPI.keyNames.joined(separator: ", else ")),
    .init("address", "\(address), or PARALLAX_GEMINI_URL"),
  ]

  package static func recognizes(model: String) -> Bool {
    model.hasPrefix("gemini-") && model != judge
  }

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    let isTextOnly = request.model == "gemini-embedding-001"
    let model = RemoteModel(
      provider: id, name: request.model, dimensions: [128, 256, 512, 768, 1536],
      range: 128...3072, fullDimension: 3072, embedsImages: !isTextOnly,
      joinsText: !isTextOnly,
      tasks: GeminiTask.all.map { ($0.name, $0.queryName) }, textTokens: isTextOnly ? 2_048 : 8_192)
    let task = try model.task(request).flatMap { asked in
      GeminiTask.all.first { $0.name == asked.name }
    }
    let api = GeminiAPI(
      base: environment.address(of: id, own: address), model: request.model,
      key: try key(in: environment),
      dimension: try model.dimension(request),
      tasks: isTextOnly
        ? [.document: task?.name, .query: task?.queryName].compactMapValues(\.self) : [:])
    // The newer models ignore the request's field: the task is part of the text.
    return try model.embedder(
      request, api: api, prefixes: isTextOnly ? [:] : task?.prefixes ?? [:], in: environment)
  }

  static func key(in environment: ProviderEnvironment) throws -> Secret {
    try environment.key(
      GeminiAPI.keyNames, of: id,
      hint: "create one in Google AI Studio, then: export GEMINI_API_KEY=…")
  }

  static let address = "https://generativelanguage.googleapis.com/v1beta"
}
