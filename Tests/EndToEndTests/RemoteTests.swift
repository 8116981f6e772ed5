import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The built program against a provider's server that misbehaves.
@Suite(.serialized, .enabled(if: GeminiServer.python != nil, "needs Python"))
struct RemoteTests {
  private static let ingest = "ingest t \(Shell.tiles)/images"
  private static let embed = "embed t --as g --model gemini-embedding-2 --dim 128"
  private static let question =
    "query t@g --like mug-001 --top 1000 --columns id,score"

  private func withServer(
    _ options: [String] = [], _ body: (Shell, GeminiServer) async throws -> Void
  ) async throws {
    let server = try await GeminiServer(options)
    defer { server.stop() }
    try await Shell.inNewFolder { try await body($0, server) }
  }

  @Test func `faults of the server cost time and nothing else`() async throws {
    try await withServer { shell, server in
      try await shell.succeed("create collection t ; \(Self.ingest)")
      try await server.misbehave(["429", "503", nil, "reset", "html", nil, "429-bare", "truncated"])
      let outcome = try await shell.run(Self.embed, environment: server.environment())
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(try await shell.vectorCount(of: "t@g") == 369)
      // A reply cut off after it was paid for is the only one asked for again.
      #expect(try await server.seen().items <= 369 + 16)
    }
  }

  @Test func `kills cost no more than what was under way`() async throws {
    var random = SeededGenerator(seed: 7)
    try await withServer(["--latency", "0.02"]) { shell, server in
      let environment = server.environment()
      try await shell.succeed("create collection t ; \(Self.ingest)")
      let first = try await shell.run(Self.embed, environment: environment)
      #expect(first.code == 0, "\(first.errors)")
      let undisturbed = try await shell.rows(Self.question)
      try await shell.succeed("drop space t@g --yes")

      let before = try await server.seen().items
      var (kills, vectors) = (0, 0)
      while vectors < 369, kills < 40 {
        try await server.misbehave(["503", nil, "429-bare", nil, "reset"])
        let run = try shell.start(["work.parallax", "-c", Self.embed], environment: environment)
        try await Task.sleep(for: .milliseconds(Int.random(in: 150...450, using: &random)))
        run.kill(SIGKILL)
        _ = await run.finish()
        kills += 1
        let now = try await shell.vectorCount(of: "t@g")
        #expect(now >= vectors)
        vectors = now
      }
      let last = try await shell.run(Self.embed, environment: environment)
      #expect(last.code == 0, "\(last.errors)")
      #expect(try await shell.rows(Self.question) == undisturbed)
      let paid = try await server.seen().items - before
      #expect(paid <= 369 + (kills + 1) * 8 * 16, "\(paid) items paid for, \(kills) kills")
    }
  }

  @Test func `the key is in no file and no text`() async throws {
    try await withServer { shell, server in
      let environment = server.environment().merging(["PARALLAX_SHOW_HTTP": "1"]) { $1 }
      try await shell.succeed("create collection t ; \(Self.ingest)")
      var texts: [String] = []
      for commands in [
        Self.embed, "query t@g --text cat", "describe t@g",
        "query t@g --text cat ; export _ --to r.csv",
        "show settings", "embed t --as h --model gemini-embedding-9",
      ] {
        let outcome = try await shell.run(commands, environment: environment)
        texts.append(outcome.output + outcome.errors)
      }
      try await server.misbehave(["429-day"])
      let day = try await shell.run(
        "embed t --as day --model gemini-embedding-2 --dim 256", environment: environment)
      #expect(day.code == 4 && day.errors.contains("the day's quota"))
      texts.append(day.errors)
      #expect(texts[0].contains("x-goog-api-key: •••"))
      for text in texts { #expect(!text.contains(GeminiServer.key)) }
      let found = try await ProgramRun(
        "/bin/grep", ["-r", "-l", "-a", GeminiServer.key, shell.folder]
      ).finish()
      #expect(found.output.isEmpty)
      // The refused space was never made.
      #expect(try await shell.rows("list spaces").map { $0[0] } == ["t@g"])
    }
  }
}
