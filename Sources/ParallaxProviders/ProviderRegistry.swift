internal import ParallaxCore

/// The providers there are; dispatch, `list models` and messages read this.
package enum ProviderRegistry {
  package static let all: [any Provider.Type] = [
    MiniProvider.self,
    GeminiProvider.self,
    VertexProvider.self,
    VoyageProvider.self,
    CohereProvider.self,
    JinaProvider.self,
    OpenAIProvider.self,
    GeometricProvider.self,
    ImportedProvider.self,
    // Last: it takes anything that looks like a path.
    OnnxProvider.self,
  ]

  /// What `--model` takes, within a sentence.
  package static let modelRule: String = {
    let forms = ["a name that 'list models' shows"] + all.compactMap { $0.modelForm?.meaning }
    return forms.dropLast().joined(separator: ", ") + ", or " + (forms.last ?? "")
  }()

  /// The provider of a model.
  ///
  /// - Throws: `unknown-model` naming what there is.
  package static func provider(ofModel model: String) throws -> any Provider.Type {
    for provider in all where provider.models.contains(where: { $0.name == model }) {
      return provider
    }
    for provider in all where provider.recognizes(model: model) { return provider }
    let names = all.flatMap { $0.models.map(\.name) }
    throw ParallaxError(
      .unknownModel,
      "unknown model '\(model)'; --model takes \(modelRule); "
        + "the names are \(names.joined(separator: ", "))",
      hint: Suggestion.hint(for: model, among: names))
  }

  /// What is known of a reranker that a provider knows by name, with the provider; `nil` for one that is
  /// recognized otherwise.
  package static func reranker(
    named model: String
  ) -> (provider: any Provider.Type, description: ModelDescription)? {
    for provider in all {
      if let known = provider.rerankers.first(where: { $0.name == model }) {
        return (provider, known)
      }
    }
    return nil
  }

  /// The provider of a reranker; `nil` when there is none.
  package static func provider(ofReranker model: String) -> (any Provider.Type)? {
    reranker(named: model)?.provider ?? all.first { $0.recognizes(reranker: model) }
  }

  /// The provider with an id, as a space's identity names it.
  package static func provider(withID id: String) throws -> any Provider.Type {
    if let provider = all.first(where: { $0.id == id }) { return provider }
    throw ParallaxError(
      .unknownModel,
      "no provider '\(id)' in this version; it has \(all.map { $0.id }.joined(separator: ", "))")
  }
}
