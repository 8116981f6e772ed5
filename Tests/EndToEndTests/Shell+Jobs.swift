import ParallaxTestSupport
import Testing

/// What tests of jobs ask of a shell.
extension Shell {
  /// Runs `body` with a collection `t` of nine pictures and a server of its own.
  static func withNinePictures(
    _ body: (Shell, ProviderServer) async throws -> Void
  ) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    try await inNewFolder { shell in
      try await shell.succeed(
        "create collection t ; ingest t \(tiles)/images --glob 'mug-00*.jpg'")
      try await body(shell, server)
    }
  }

  /// Dollars that the ledger says, as it prints them.
  func spent() async throws -> String {
    try await rows("cost", options: ["--read-only"]).first?[2] ?? "0"
  }

  /// State, items and answers of each job.
  func jobStates() async throws -> [[String]] {
    try await rows("jobs", options: ["--read-only"]).map { [$0[3], $0[4], $0[5]] }
  }
}
