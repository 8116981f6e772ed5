/// Work off the main actor, so that the prompt goes on and Ctrl-C is heard.
enum Background {
  /// - Throws: what `body` throws.
  @concurrent static func run<Result: Sendable>(
    _ body: @Sendable () throws -> Result
  ) async throws -> Result {
    try body()
  }
}
