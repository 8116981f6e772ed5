package import ParallaxCore
internal import ParallaxProviders
package import ParallaxStorage

extension Models {
  /// The embedder whose query side stands under a task type, and whose vectors may be compared with
  /// those of `space` as far as its model has it so.
  ///
  /// - Parameter task: of the query side, or of the document side that it belongs to; `nil` for that
  ///   of the space.
  /// - Throws: `unsupported` naming the task types that the model knows; as
  ///   ``embedder(for:budget:isForEstimate:)``.
  package func embedder(
    for space: Space, asking task: String?, budget: Int?, isForEstimate: Bool = false
  ) async throws -> any Embedder {
    let own = try await embedder(for: space, budget: budget, isForEstimate: isForEstimate)
    guard let task, own.spec.queryTask != task else { return own }
    let known = own.capabilities.textTasks
    var ofDocuments: (any Embedder)?
    for name in [task] + known.filter({ $0 != task }) where known.contains(name) {
      var request = EmbedderRequest(space.spec)
      request.task = name
      let made = try await embedder(
        for: request, provider: space.spec.provider, subject: space.reference, budget: budget,
        isForEstimate: isForEstimate)
      if made.spec.queryTask == task { return made }
      if name == task { ofDocuments = made }
    }
    if let ofDocuments { return ofDocuments }
    let rule =
      known.isEmpty
      ? "knows no task types" : "knows the task types \(known.joined(separator: ", "))"
    throw ParallaxError(
      .unsupported, "model '\(space.spec.model)' \(rule); got '\(task)'",
      hint: Suggestion.hint(for: task, among: known))
  }
}
