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
}
