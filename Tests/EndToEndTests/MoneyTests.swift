import ParallaxCore
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What the ledger says against what the provider's server counted, whatever goes wrong.
@Suite(.fewAtOnce, .enabled(if: ProviderServer.python != nil, "needs Python"))
struct MoneyTests {
  private static let embed = "embed t --as g --model gemini-embedding-2 --dim 128"

  private func withServer(
    _ options: [String] = [], glob: String = "*.jpg",
    _ body: (Shell, ProviderServer) async throws -> Void
  ) async throws {
    let server = try await ProviderServer(options)
    defer { server.stop() }
    try await Shell.inNewFolder { shell in
      try await shell.succeed(
        "create collection t ; ingest t \(Shell.tiles)/images --glob '\(glob)'")
      try await body(shell, server)
    }
  }

  /// Items in the ledger.
  private func charged(_ shell: Shell) async throws -> Int {
    try await shell.rows("cost", options: ["--read-only"]).first.flatMap { Int($0[1]) } ?? 0
  }

  /// Replies that are kept.
  private func kept(_ shell: Shell) async throws -> Int {
    try await shell.rows("cache info", options: ["--read-only"]).reduce(0) {
      $0 + (Int($1[3]) ?? 0)
    }
  }

  @Test func `a budget and a day's limit hold with eight requests under way`() async throws {
    try await withServer(["--latency", "0.3"]) { shell, server in
      // Two requests of 16 pictures at 0.00012 dollars fit, a third does not.
      let poor = try await shell.run(
        "set budget 0.005 ; \(Self.embed)", environment: server.environment())
      #expect(poor.code == 4 && poor.errors.contains("the budget of"), "\(poor.errors)")
      #expect(try await server.items() == 32)
      #expect(try await charged(shell) == 32)
      // What was under way ended, and is in the space.
      #expect(try await kept(shell) == 32)
      #expect(try await shell.vectorCount(of: "t@g") == 32)

      let limited = try await shell.run(
        Self.embed,
        environment: server.environment().merging(["PARALLAX_GEMINI_ITEMS_PER_DAY": "70"]) { $1 })
      #expect(limited.code == 4 && limited.errors.contains("70 items a day"), "\(limited.errors)")
      #expect(try await server.items() == 64)
      #expect(try await charged(shell) == 64)
      #expect(try await kept(shell) == 64)
    }
  }

  @Test func `a bad reply throws nothing away that is under way`() async throws {
    try await withServer(["--latency", "0.3"]) { shell, server in
      try await server.misbehave(["count"])
      let bad = try await shell.run(Self.embed, environment: server.environment())
      #expect(bad.code == 4 && bad.errors.contains("vectors for 16 items"), "\(bad.errors)")
      let seen = try await server.seen()
      #expect(seen.items > 16)
      #expect(try await charged(shell) == seen.items)
      #expect(try await kept(shell) == seen.items - 16)
      // Only the bad one is paid for again.
      let again = try await shell.run(Self.embed, environment: server.environment())
      #expect(again.code == 0, "\(again.errors)")
      #expect(try await server.items() == 369 + 16)
      #expect(try await charged(shell) == 369 + 16)
    }
  }

  @Test func `a kill loses the request under way, not those before it`() async throws {
    // Two texts of a megabyte and a half fill a request: one batch is many requests.
    try await withServer(["--latency", "0.4"], glob: "mug-00*.jpg") { shell, server in
      let rows = (1...9).map {
        "mug-00\($0).jpg,\($0) " + String(repeating: "word ", count: 300_000)
      }
      try TestFiles.write(
        "file,text\n" + rows.joined(separator: "\n") + "\n", to: shell.folder + "/m.csv")
      try await shell.succeed(
        "ingest t \(Shell.tiles)/images --glob 'mug-00*.jpg' --meta m.csv --key file")
      let run = try shell.start(
        ["work.parallax", "-c", Self.embed + " --content text"], environment: server.environment())
      try await eventually("the requests") { try await server.seen().requests.count >= 3 }
      run.kill(SIGKILL)
      _ = await run.finish()
      let paid = try await server.items()
      #expect(try await kept(shell) >= 4)
      // The one under way is in the ledger, for it may be paid for.
      #expect(try await charged(shell) >= paid)
    }
  }

  @Test func `a kill loses what the server was at work on, and nothing else`() async throws {
    try await withServer { shell, server in
      // Four requests are answered, and eight more are under way.
      try await server.misbehave(
        Array(repeating: nil, count: 4) + Array(repeating: "never", count: 8))
      let run = try shell.start(
        ["work.parallax", "-c", Self.embed], environment: server.environment())
      try await eventually("the requests") { try await server.items() >= 12 * 16 }
      run.kill(SIGKILL)
      _ = await run.finish()
      #expect(try await kept(shell) == 4 * 16)
      #expect(try await charged(shell) == 12 * 16)
      let again = try await shell.run(Self.embed, environment: server.environment())
      #expect(again.code == 0, "\(again.errors)")
      #expect(try await server.items() == 369 + 8 * 16)
      #expect(try await charged(shell) == 369 + 8 * 16)
      #expect(try await kept(shell) == 369)
    }
  }

  @Test func `a session that only reads pays once, and says what`() async throws {
    try await withServer(glob: "mug-00*.jpg") { shell, server in
      let environment = server.environment()
      let made = try await shell.run(Self.embed, environment: environment)
      #expect(made.code == 0, "\(made.errors)")
      let before = try await server.items()
      let ask = "query t@g --text 'a cup' --top 2 --columns id,score"
      let outcome = try await shell.run(
        "\(ask) ; \(ask) ; cost", options: ["--read-only", "--mode", "csv"],
        environment: environment)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(try await server.items() == before + 1)
      #expect(outcome.output.contains("gemini/gemini-embedding-2,\(before + 1),"))
      #expect(outcome.errors.contains("1 of these items were asked for in this session"))
      let poor = try await shell.run(
        "set budget 0.0000001 ; \(ask)", options: ["--read-only"], environment: environment)
      #expect(poor.code != 0)
      #expect(try await server.items() == before + 1)
    }
  }

  @Test func `a damaged reply is said when it is bought again and when it is left out`()
    async throws
  {
    try await withServer(glob: "mug-00*.jpg") { shell, server in
      let environment = server.environment()
      let made = try await shell.run(Self.embed, environment: environment)
      #expect(made.code == 0, "\(made.errors)")
      let damage = try await ProgramRun(
        ProviderServer.python ?? "",
        [
          "-c",
          """
          import sqlite3
          workspace = sqlite3.connect("work.parallax")
          workspace.execute("UPDATE reply SET checksum = checksum + 1 WHERE id = 1")
          workspace.execute("UPDATE reply SET dimension = 4611686018427387904 WHERE id = 2")
          workspace.commit()
          """,
        ], folder: shell.folder
      ).finish()
      #expect(damage.code == 0, "\(damage.errors)")
      let exported = try await shell.run("cache export --to replies.jsonl")
      #expect(exported.code == 0, "\(exported.errors)")
      #expect(exported.errors.contains("wrote 7 replies"))
      #expect(exported.errors.contains("warning: 2 damaged replies were left out"))
      let strict = try await shell.run("cache export --to strict.jsonl", options: ["--strict"])
      #expect(strict.code != 0)

      try await shell.succeed("drop space t@g --yes")
      let again = try await shell.run(Self.embed, environment: environment)
      #expect(again.code == 0 && again.errors.contains("warning: 2 kept replies are damaged"))
      #expect(try await server.items() == 9 + 2)
      let healed = try await shell.run("cache export --to healed.jsonl", options: ["--strict"])
      #expect(healed.code == 0 && healed.errors.contains("wrote 9 replies"), "\(healed.errors)")
    }
  }

  @Test func `an estimate needs no key`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(
        "create collection t ; ingest t \(Shell.tiles)/images --glob 'mug-00*.jpg'")
      for (model, price) in [
        ("gemini-embedding-2", "$0.0011"), ("embed-v4.0", "$0.0042"),
        ("voyage-multimodal-3", "$0.0015"), ("jina-clip-v2", "not known"),
        ("vertex:gemini-embedding-2", "$0.0011"),
      ] {
        let outcome = try await shell.run("embed t --as g --model \(model) --dry-run")
        #expect(outcome.code == 0 && outcome.output.contains(price), "\(outcome.output)")
        #expect(outcome.errors.contains("nothing was embedded; to embed, provider"))
      }
      let embed = try await shell.run(Self.embed)
      #expect(embed.code == 1 && embed.errors.contains("needs a key in"), "\(embed.errors)")
    }
  }

  @Test func `where nothing more can be written nothing more is asked`() async throws {
    try await withServer { shell, server in
      let size = try TestFiles.bytes(of: shell.folder + "/work.parallax").count
      for extra in [0, 300_000, 900_000] {
        let before = try await server.items()
        // In blocks of 1,024 bytes; a shell sets the limit of the program.
        let outcome = try await ProgramRun(
          "/bin/bash",
          [
            "-c", "ulimit -f \((size + extra) / 1_024); exec \"$0\" \"$@\"", shell.program,
            "work.parallax", "-c", Self.embed,
          ], environment: server.environment(), folder: shell.folder
        ).finish()
        #expect(outcome.code != 0 && outcome.code < 128, "\(outcome.errors)")
        let paid = try await server.items()
        #expect(try await charged(shell) == paid)
        #expect(try await kept(shell) == paid, "\(extra): \(outcome.errors)")
        if extra == 0 { #expect(paid == before, "\(outcome.errors)") }
      }
      let rest = try await shell.run(Self.embed, environment: server.environment())
      #expect(rest.code == 0, "\(rest.errors)")
      #expect(try await server.items() == 369)
    }
  }
}
