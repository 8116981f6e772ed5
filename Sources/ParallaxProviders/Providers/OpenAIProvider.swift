package import ParallaxCore
internal import ParallaxHTTP

/// Any server with OpenAI's embeddings, in one of the forms that take images.
package enum OpenAIProvider: Provider {
  package static let id = "openai"
  package static let summary =
    "an OpenAI-compatible server: --model openai:NAME, its address in PARALLAX_OPENAI_URL"
  package static let isRemote = true
  package static let models: [ModelDescription] = []
  package static let modelForm: ModelForm? = ModelForm(
    label: "openai:NAME", meaning: "'openai:NAME' for a server of your own")

  static let prefix = "openai:"
  /// Whether requests name the dimension: servers refuse that for models that cannot be cut.
  static let sendsDimension = "PARALLAX_OPENAI_SENDS_DIM"

  package static func recognizes(model: String) -> Bool { model.hasPrefix(prefix) }

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    try checkAddress(in: environment)
    guard let dimension = request.dimension else {
      throw ParallaxError(
        .unsupported, "only its server knows the dimension of '\(request.model)'",
        hint: "give the dimension with --dim")
    }
    let form = try form(environment)
    let model = RemoteModel(
      provider: id, name: request.model, dimensions: [], fullDimension: dimension,
      joinsText: form.joinsText, batch: form == .vllm ? 1 : 16)
    let api = OpenAIAPI(
      base: environment.address(of: id, own: ""),
      model: String(request.model.dropFirst(prefix.count)),
      key: try environment.optionalKey(OpenAIAPI.keyNames) ?? Secret(""),
      form: form, dimension: sendsDimension(environment) ? dimension : nil,
      client: environment.client())
    return try model.embedder(request, api: api, in: environment)
  }

  static func checkAddress(in environment: ProviderEnvironment) throws {
    guard environment.variables["PARALLAX_OPENAI_URL"] != nil || environment.isOffline else {
      throw ParallaxError(
        .missingComponent, "provider 'openai' needs the address of a server",
        hint: "export PARALLAX_OPENAI_URL=http://127.0.0.1:8000/v1")
    }
  }

  private static func sendsDimension(_ environment: ProviderEnvironment) -> Bool {
    !["", "0"].contains(environment.variables[sendsDimension] ?? "")
  }

  private static func form(_ environment: ProviderEnvironment) throws -> OpenAIAPI.Form {
    let named = environment.variables["PARALLAX_OPENAI_FORM"] ?? OpenAIAPI.Form.sglang.rawValue
    if let form = OpenAIAPI.Form(rawValue: named) { return form }
    let names = OpenAIAPI.Form.allCases.map(\.rawValue)
    throw ParallaxError(
      .invalidValue,
      "PARALLAX_OPENAI_FORM takes \(names.joined(separator: ", ")); got '\(named)'",
      hint: Suggestion.hint(for: named, among: names))
  }
}
