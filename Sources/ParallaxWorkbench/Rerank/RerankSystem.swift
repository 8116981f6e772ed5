internal import ParallaxCore
package import ParallaxProviders

/// What a name of a reranker stands for.
package enum RerankSystem: Sendable {
  case method(any RerankMethod)
  case model(any Provider.Type, RerankerRequest)

  /// Finds a reranker without opening it.
  ///
  /// - Throws: `unknown-model` naming what there is; `invalid-value` for its parameters; both about the
  ///   parameter `model`.
  package init(
    _ model: RerankModel, instruction: String? = nil, seed: UInt64 = 1
  ) throws {
    if let method = RerankMethodRegistry.method(named: model.name) {
      let parameters = try RerankParameters(
        model.parameters, of: method.parameters, method: method.id)
      self = .method(try method.init(parameters))
      return
    }
    guard let provider = ProviderRegistry.provider(ofReranker: model.name) else {
      throw Self.unknown(model.name)
    }
    let known = provider.rerankers.first { $0.name == model.name }
    self = .model(
      provider,
      RerankerRequest(
        model: model.name, instruction: instruction, seed: seed,
        parameters: try RerankParameters(
          model.parameters, of: known?.parameters ?? [], method: model.name)))
  }

  /// The rerankers known by name, with what has them; methods first.
  package static var known: [(provider: String, description: ModelDescription)] {
    RerankMethodRegistry.all.map { (methods, $0.description) }
      + ProviderRegistry.all.flatMap { provider in
        provider.rerankers.map { (provider.id, $0) }
      }
  }

  /// What is known of a reranker; `nil` for one that is not known by name.
  package static func described(
    _ name: String
  ) -> (provider: String, description: ModelDescription)? {
    if let known = known.first(where: { $0.description.name == name }) { return known }
    // A path may be of either.
    if (try? ProviderRegistry.provider(ofModel: name)) != nil { return nil }
    return ProviderRegistry.all.first { $0.recognizes(reranker: name) }.map { provider in
      (provider.id, ModelDescription(name: name, summary: provider.summary))
    }
  }

  /// Stands for a provider where the vectors of a space are all that is needed.
  package static let methods = "vectors"

  private static func unknown(_ name: String) -> ParallaxError {
    let names = known.map(\.description.name)
    let isEmbedder = (try? ProviderRegistry.provider(ofModel: name)) != nil
    return ParallaxError(
      .unknownModel,
      isEmbedder
        ? "'\(name)' makes vectors, and does not rerank; the rerankers are "
          + names.joined(separator: ", ")
        : "unknown reranker '\(name)'; --model takes \(names.joined(separator: ", ")), or the path of "
          + "a folder that holds a cross-encoder",
      hint: Suggestion.hint(for: name, among: names), parameter: "model")
  }
}
