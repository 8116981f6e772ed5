import ParallaxCore
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The built program against a provider's server that misbehaves.
@Suite(.fewAtOnce, .enabled(if: ProviderServer.python != nil, "needs Python"))
struct RemoteTests {
  private static let ingest = "ingest t \(Shell.tiles)/images"
  private static let embed = "embed t --as g --model gemini-embedding-2 --dim 128"
  private static let question =
    "query t@g --like mug-001 --top 1000 --columns id,score"

  private func withServer(
    _ options: [String] = [], _ body: (Shell, ProviderServer) async throws -> Void
  ) async throws {
    let server = try await ProviderServer(options)
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
      #expect(try await server.items() == 369 + 16, "\(outcome.errors)")
    }
  }

  #if os(Linux)
    @Test func `a libcurl that cannot be loaded is named, with what to install`() async throws {
      try await Shell.inNewFolder { shell in
        try TestFiles.write("filename,caption\nmug-001.jpg,a mug\n", to: shell.folder + "/t.csv")
        try await shell.succeed(
          "create collection t ; ingest t \(Shell.tiles)/images/mug-001.jpg --meta t.csv --key filename"
        )
        try TestFiles.write("no library", to: shell.folder + "/libcurl.so.4")
        let outcome = try await shell.run(
          Self.embed + " --content text",
          environment: [
            "LD_LIBRARY_PATH": shell.folder, "GEMINI_API_KEY": "k",
            "PARALLAX_GEMINI_URL": "http://127.0.0.1:9",
          ])
        #expect(outcome.code == 1)
        // Asking again would not help.
        #expect(
          outcome.errors.contains("error: libcurl cannot be loaded")
            && outcome.errors.contains("apt-get install libcurl4")
            && !outcome.errors.contains("waiting"), "\(outcome.errors)")
      }
    }
  #endif

  @Test(.timeLimit(.minutes(10)))
  func `kills cost no more than what was under way`() async throws {
    var random = SeededGenerator(seed: 7)
    try await withServer(["--latency", "0.02"]) { shell, server in
      let environment = server.environment()
      let calm = Shell(folder: shell.folder + "/calm", program: shell.program)
      TestFiles.makeFolder(calm.folder)
      let first = try await calm.run(
        "create collection t ; \(Self.ingest) ; \(Self.embed)", environment: environment)
      #expect(first.code == 0, "\(first.errors)")
      let undisturbed = try await calm.rows(Self.question)

      // A workspace that knows no reply yet.
      try await shell.succeed("create collection t ; \(Self.ingest)")
      let before = try await server.settledItems()
      var (paid, kept, lost, vectors) = (0, 0, 0, 0)
      for kill in 1...40 where vectors < 369 {
        try await server.misbehave(["503", nil, "429-bare", nil, "reset"])
        let run = try shell.start(["work.parallax", "-c", Self.embed], environment: environment)
        try await Task.sleep(for: .milliseconds(Int.random(in: 150...450, using: &random)))
        run.kill(SIGKILL)
        _ = await run.finish()
        let now = try await shell.vectorCount(of: "t@g")
        #expect(now >= vectors)
        vectors = now
        // What was paid for and is not kept was under way: eight requests of sixteen at most.
        let (paidBefore, keptBefore) = (paid, kept)
        paid = try await server.settledItems() - before
        kept = try await replies(shell)
        let gone = (paid - paidBefore) - (kept - keptBefore)
        #expect((0...8 * 16).contains(gone), "kill \(kill): \(gone) items paid for and lost")
        lost += gone
      }
      try await server.behave()
      let last = try await shell.run(Self.embed, environment: environment)
      #expect(last.code == 0, "\(last.errors)")
      #expect(try await shell.rows(Self.question) == undisturbed)
      #expect(try await replies(shell) == 369)
      #expect(try await server.settledItems() - before == 369 + lost)
    }
  }

  /// Replies kept in the workspace.
  private func replies(_ shell: Shell) async throws -> Int {
    try await shell.rows("cache info").first.flatMap { Int($0[3]) } ?? 0
  }

  @Test func `what was paid for is never asked for again`() async throws {
    try await withServer { shell, server in
      let environment = server.environment()
      try await shell.succeed("create collection t ; \(Self.ingest)")
      let commands = "\(Self.embed) ; query t@g --text 'a red mug' --top 5 --columns id,score"
      let first = try await shell.run(commands, environment: environment)
      #expect(first.code == 0, "\(first.errors)")
      let paid = try await server.seen()
      #expect(paid.items == 370)

      // The space is gone, its replies are not; no key is needed for them.
      try await shell.succeed("drop space t@g --yes")
      let again = try await shell.run(commands, options: ["--offline"])
      #expect(again.code == 0 && again.output == first.output, "\(again.errors)")
      #expect(try await server.items() == paid.items)
      let missing = try await shell.run("query t@g --text other", options: ["--offline"])
      #expect(missing.code == 4 && missing.errors.contains("no vector yet for 'other'"))

      // A task is words before texts: the pictures are those there are.
      let task = try await shell.run(
        "embed t --as s --model gemini-embedding-2 --dim 128 --task SEMANTIC_SIMILARITY",
        options: ["--offline"])
      #expect(task.code == 0 && task.errors.contains("369 known already"), "\(task.errors)")

      // 369 pictures at 0.00012 dollars, and one token of text.
      let cost = try await shell.rows("cost")
      #expect(cost.map { $0[0] } == ["gemini/gemini-embedding-2"] && cost[0][1] == "370")
      #expect(abs((Double(cost[0][2]) ?? 0) - 369 * 0.00012) < 1e-5)
      #expect(try await shell.rows("cost --by collection").map { $0[0] } == ["t"])
      #expect(try await shell.rows("cache info").map { $0[3] } == ["370"])

      try TestFiles.write("gemini,gemini-embedding-2,0.5,1,2027-01\n", to: shell.folder + "/p.csv")
      let dear = try await shell.run(
        "embed t --as h --model gemini-embedding-2 --dim 256 --dry-run",
        environment: environment.merging(["PARALLAX_PRICES": "p.csv"]) { $1 })
      #expect(dear.output.contains("$184.50 at the price of 2027-01"), "\(dear.output)")

      let refused = try await shell.run(
        "set budget 0.05 ; embed t --as h --model gemini-embedding-2 --dim 256",
        environment: environment)
      #expect(refused.code == 4 && refused.errors.contains("the budget of $0.05 is reached"))
      // The pictures cost 0.0443: two requests of sixteen fit beside them, as the server counts.
      #expect(try await server.items() == paid.items + 2 * 16)
      let spent = try await shell.rows("cost").first.flatMap { Double($0[2]) } ?? 1
      #expect(spent <= 0.05)
    }
  }

  @Test func `smaller dimensions cost nothing and are what the provider gives`() async throws {
    try await withServer { shell, server in
      let environment = server.environment()
      try await shell.succeed("create collection t ; \(Self.ingest)")
      let made = try await shell.run(
        "embed t --as g --model gemini-embedding-2 --dim 256 ; project t@g --dim 128",
        environment: environment)
      #expect(made.code == 0, "\(made.errors)")
      #expect(try await server.items() == 369)
      let cut = try await shell.rows("query t@g-128 --like mug-001 --top 369 --columns id,score")
      let asked = try await shell.run(
        "embed t --as own --model gemini-embedding-2 --dim 128", environment: environment)
      // The identity is that of the projected space: its vectors are taken over.
      #expect(asked.errors.contains("369 known already"), "\(asked.errors)")
      let own = try await shell.rows("query t@own --like mug-001 --top 369 --columns id,score")
      #expect(own == cut)
    }
  }

  @Test func `recorded exchanges stand in for the provider`() async throws {
    try await withServer { shell, server in
      let prepare = "create collection t ; ingest t \(Shell.tiles)/images --glob 'mug-00*.jpg'"
      let commands = "\(prepare) ; \(Self.embed) ; query t --text 'a red mug' --columns id,score"
      let live = try await shell.run(
        commands,
        environment: server.environment().merging(["PARALLAX_RECORD_HTTP": "exchanges"]) { $1 })
      #expect(live.code == 0, "\(live.errors)")
      // Another workspace, and nobody to ask.
      let port = server.port
      server.stop()
      let other = Shell(folder: shell.folder + "/other", program: shell.program)
      TestFiles.makeFolder(other.folder)
      let replayed = try await other.run(
        commands,
        environment: [
          "PARALLAX_REPLAY_HTTP": "../exchanges", "GEMINI_API_KEY": "any",
          "PARALLAX_GEMINI_URL": "http://127.0.0.1:\(port)/v1",
        ])
      #expect(replayed.code == 0 && replayed.output == live.output, "\(replayed.errors)")
      let found = try await ProgramRun(
        "/bin/grep", ["-r", "-l", ProviderServer.key, shell.folder + "/exchanges"]
      ).finish()
      #expect(found.output.isEmpty)
    }
  }

  @Test func `without a network it is one line, and nothing is lost`() async throws {
    try await withServer { shell, server in
      try await shell.succeed("create collection t ; \(Self.ingest)")
      var environment = server.environment()
      let part = try await shell.run(
        "ingest t \(Shell.tiles)/images ; \(Self.embed)", environment: environment)
      #expect(part.code == 0, "\(part.errors)")
      environment["PARALLAX_GEMINI_URL"] = "http://nowhere.invalid/v1"
      let gone = try await shell.run(
        "embed t --as h --model gemini-embedding-2 --dim 256", environment: environment)
      let errors = gone.errors.split(separator: "\n").filter { $0.hasPrefix("error") }
      #expect(gone.code == 4 && errors.count == 1, "\(gone.errors)")
      #expect(gone.errors.contains("the name is not known, or the network is down"))
      #expect(try await shell.vectorCount(of: "t@g") == 369)
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
      for text in texts { #expect(!text.contains(ProviderServer.key)) }
      let found = try await ProgramRun(
        "/bin/grep", ["-r", "-l", "-a", ProviderServer.key, shell.folder]
      ).finish()
      #expect(found.output.isEmpty)
      // A space that was refused from the first request on was never made.
      #expect(try await !shell.rows("list spaces").map { $0[0] }.contains("t@h"))
    }
  }
}
