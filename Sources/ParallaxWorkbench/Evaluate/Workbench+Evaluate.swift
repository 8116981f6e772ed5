internal import ParallaxConditions
internal import ParallaxCore
package import ParallaxEvaluation
internal import ParallaxStorage

extension Workbench {
  /// Judges systems by the same questions, and compares them with the first one if that is asked for.
  ///
  /// The same request gives the same numbers on every machine.
  ///
  /// - Throws: `invalid-value` where no judged question was answered, `unknown-name` and `unsupported`
  ///   for columns that the questions do not have; `CancellationError`.
  @concurrent package func evaluate(
    _ request: EvaluationRequest, _ handler: @escaping EventHandler
  ) async throws -> Evaluation {
    try Evaluator(request, handler).evaluation()
  }

  /// Whether systems can be judged as is asked.
  ///
  /// - Throws: as ``evaluate(_:_:)``, for what is wrong with the request.
  @concurrent package func checkEvaluation(_ request: EvaluationRequest) async throws {
    _ = try Evaluator(request) { _ in }
  }
}

extension Workbench {
  /// Looks for what may be wrong with an evaluation: scores that cannot be higher, ties, hits that are
  /// the question, copies, questions and items that do not match, and systems that know nothing.
  ///
  /// - Parameter measures: those of the evaluation.
  /// - Throws: `CancellationError`.
  @concurrent package func audit(
    _ evaluation: Evaluation, _ measures: [NamedMetric]
  ) async throws -> Audit {
    let collection = evaluation.systems.lazy.compactMap(\.run.collection).first
    let items = try collection.map { try workspace.ids(in: $0) }
    let known = items.map { Set($0) }
    var judged: Set<ItemID> = []
    // A rule judges nothing that is not there.
    if evaluation.judgements.itemCount == nil {
      for grades in evaluation.judgements.grades.values { judged.formUnion(grades.keys) }
    }
    return try Auditor(
      evaluation: evaluation, measures: measures,
      items: try answerable(of: evaluation, in: collection)
        ?? items ?? Self.items(of: evaluation, judged),
      copies: try collection.map { try workspace.copies(in: $0) } ?? [],
      unknown: known.map { known in judged.filter { !known.contains($0) }.sorted() }
    ).audit()
  }

  /// The items that a condition lets through, where all systems answer under the same one.
  private func answerable(
    of evaluation: Evaluation, in collection: ItemCollection?
  ) throws -> [ItemID]? {
    let conditions = Set(evaluation.systems.map { $0.run.template?.condition })
    guard let collection, conditions.count == 1, let condition = conditions.first ?? nil else {
      return nil
    }
    return try condition.attributed {
      let passing = Set(try workspace.rows(in: collection, matching: condition))
      let records = try workspace.items(named: workspace.ids(in: collection), in: collection)
      return records.values.filter { passing.contains($0.rowID) }.map(\.id).sorted()
    }
  }

  /// All items that somebody named, where the collection is not known.
  private static func items(of evaluation: Evaluation, _ judged: Set<ItemID>) -> [ItemID] {
    var all = judged
    for system in evaluation.systems {
      for list in system.run.run.lists.values { all.formUnion(list.map(\.id)) }
    }
    return all.sorted()
  }
}
