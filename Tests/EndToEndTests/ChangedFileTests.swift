import ParallaxTestSupport
import Testing

/// Pictures that changed since they were ingested are not sent to anybody.
@Suite(.fewAtOnce, .enabled(if: ProviderServer.python != nil, "needs Python"))
struct ChangedFileTests {
  @Test func `a changed picture is not sent, and its reply is not kept`() async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    try await Shell.inNewFolder { shell in
      let environment = server.environment()
      for name in ["mug-001", "shoe-001"] {
        try TestFiles.copy(
          "\(Shell.tiles)/images/\(name).jpg", to: "\(shell.folder)/in/\(name).jpg")
      }
      try await shell.succeed("create collection t ; ingest t \(shell.folder)/in")
      try TestFiles.copy(
        "\(Shell.tiles)/images/brick-001.jpg", to: "\(shell.folder)/in/mug-001.jpg")
      let embed = "embed t --as g --model gemini-embedding-2 --dim 128"
      let outcome = try await shell.run(
        embed, options: ["--strict"], environment: environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("'mug-001' changed since ingest; run 'sync t'"))
      #expect(try await server.items() == 1)
      #expect(try await shell.vectorCount(of: "t@g") == 1)

      let mug = "\(Shell.tiles)/images/mug-001.jpg"
      let query = try await shell.run(
        "query t@g --image \(mug) --top 1", environment: environment)
      #expect(query.code == 0, "\(query.errors)")
      // It was asked for: no reply was kept under the hash of the mug.
      #expect(try await server.items() == 2)
      let synced = try await shell.run("sync t ; \(embed)", environment: environment)
      #expect(synced.code == 0, "\(synced.errors)")
      #expect(try await shell.vectorCount(of: "t@g") == 2)
      #expect(try await server.items() == 3)
    }
  }
}
