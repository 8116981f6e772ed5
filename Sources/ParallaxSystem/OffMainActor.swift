/// Runs blocking work off the main actor, so that the prompt stays responsive and Ctrl-C works.
///
/// - Throws: what `body` throws.
@concurrent package func offMainActor<Result: Sendable>(
  _ body: @Sendable () throws -> Result
) async throws -> Result {
  try body()
}
