package import ParallaxCore
internal import ParallaxHTTP

extension OpenAIProvider {
  package static func recognizes(reranker model: String) -> Bool { model.hasPrefix(prefix) }

  /// How the server wants to be asked, apart from the form of its embeddings.
  private static let formName = "PARALLAX_OPENAI_RERANK_FORM"

  package static func makeReranker(
    _ request: RerankerRequest, in environment: ProviderEnvironment
  ) async throws -> any Reranker {
    try checkAddress(in: environment)
    let form = try rerankForm(environment)
    let model = RemoteRerankModel(
      provider: id, name: request.model, readsImages: form.readsImages,
      readsQuestionImages: form.readsImages,
      // Two servers may give a model's scores on two scales.
      settings: ["form=\(form.rawValue)"],
      notes: form.readsImages ? [] : [RemoteRerankModel.textOnly])
    let api = OpenAIRerankAPI(
      base: environment.address(of: id, own: ""),
      model: String(request.model.dropFirst(prefix.count)),
      key: try environment.optionalKey(OpenAIAPI.keyNames) ?? Secret(""), form: form)
    return try model.reranker(request, api: api, in: environment)
  }

  private static func rerankForm(
    _ environment: ProviderEnvironment
  ) throws -> OpenAIRerankAPI.Form {
    let named = environment.variables[formName] ?? OpenAIRerankAPI.Form.vllm.rawValue
    if let form = OpenAIRerankAPI.Form(rawValue: named) { return form }
    let names = OpenAIRerankAPI.Form.allCases.map(\.rawValue)
    throw ParallaxError(
      .invalidValue, "\(formName) takes \(names.joined(separator: ", ")); got '\(named)'",
      hint: Suggestion.hint(for: named, among: names))
  }
}
