/// Runs blocking work off the main actor, so that the prompt goes on and Ctrl-C is heard.
///
/// - Throws: what `body` throws.
@concurrent package func offMainActor<Result: Sendable>(
  _ body: @Sendable () throws -> Result
) async throws -> Result {
  try body()
}
