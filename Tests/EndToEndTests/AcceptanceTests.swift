import ParallaxCore
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What a shell must do whatever else it can: the lines of the acceptance list that no other suite tests.
///
/// The others: mistyped verb, typo in a last line, failing line, script from a pipe, no colour, home, unknown setting
/// (`CommandLineTests`); closed pipe, no silent replacement (`MainJobTests`); kills and Ctrl-C while embedding
/// (`InterruptionTests`); the prompt's keys, a terminal without room, completion (`PromptTests`); `check`, `record`,
/// saved history, old scripts (`NotebookCheckTests`).
@Suite struct AcceptanceTests {
  private static let tiles =
    "create collection tiles ; ingest tiles \(Shell.tiles)/images --meta \(Shell.tiles)/metadata.csv --key filename"

  /// A collection `c` of one picture a row, whose metadata is JSON Lines without `file`.
  private func collect(_ rows: [String], in shell: Shell) async throws {
    for index in rows.indices {
      try TestFiles.copy(
        "\(Shell.tiles)/images/mug-00\(index + 1).jpg", to: "\(shell.folder)/in/\(index).jpg")
    }
    let lines = rows.enumerated().map { "{\"file\": \"\($0).jpg\", \($1)}" }
    try TestFiles.write(lines.joined(separator: "\n") + "\n", to: shell.folder + "/meta.jsonl")
    try await shell.succeed(
      "create collection c ; ingest c in --meta meta.jsonl --key file ; embed c --as base --model mini"
    )
  }

  private func python(_ script: String, in shell: Shell) async throws -> String {
    let python = try #require(Shell.systemProgram("python3"))
    let outcome = try await ProgramRun(python, ["-c", script], folder: shell.folder).finish()
    #expect(outcome.errors.isEmpty)
    return outcome.output
  }

  @Test func `a pipe gets every row, and no redrawing`() async throws {
    try await Shell.inNewFolder { shell in
      let questions = "id,text\n" + (1...3).map { "q\($0),a red mug\n" }.joined()
      try TestFiles.write(questions, to: shell.folder + "/q.csv")
      let prepared = try await shell.succeed("\(Self.tiles) ; embed tiles --as base --model mini")
      #expect(!(prepared.output + prepared.errors).utf8.contains { $0 == 0x0D || $0 == 0x1B })
      let all = "query tiles@base --like mug-001 --top 400 --columns id"
      let ids = Set(try await shell.rows(all).map { $0[0] })
      #expect(ids.count == 369)
      for mode in ["table", "line", "csv", "tsv", "jsonl", "markdown"] {
        let asked = try await shell.run(
          "query tiles@base --queries q.csv --top 400 --columns query,rank,id",
          options: ["--mode", mode])
        #expect(asked.code == 0, "\(asked.errors)")
        let words = asked.output.split { " ,\t\n|\":{}".contains($0) }.map(String.init)
        #expect(words.filter(ids.contains).count == 3 * 369, "\(mode)")
      }
    }
  }

  @Test(.enabled(if: Shell.systemProgram("python3") != nil, "needs Python"))
  func `numbers in CSV are those of the program, bit for bit`() async throws {
    try await Shell.inNewFolder { shell in
      try await collect(
        [
          #""n": null, "r": 0.1, "i": 9007199254740993, "t": """#,
          #""n": 1, "r": 1e-38, "i": -1, "t": null"#,
          #""n": 2, "r": -0.0, "i": 0, "t": "a, \"b\"""#,
        ], in: shell)
      try await shell.succeed(
        """
        query c@base --like 0 --top 3 --columns rank,id,score,n,r,i,t
        export _ --to out.csv ; export _ --to out.json
        """)
      let told = try await python(
        """
        import csv, json, struct
        table = {row["id"]: row for row in csv.DictReader(open("out.csv", newline=""))}
        exact = {row["id"]: row for row in json.load(open("out.json"))}
        bits = lambda number: struct.pack("d", number)
        for id, row in sorted(table.items()):
            assert bits(float(row["score"])) == bits(exact[id]["score"]), row
            assert bits(float(row["r"])) == bits([0.1, 1e-38, -0.0][int(id)]), row
            print(id, repr(row["n"]), int(row["i"]), repr(row["t"]))
        """, in: shell)
      #expect(
        told == """
          0 '' 9007199254740993 ''
          1 '1' -1 ''
          2 '2' 0 'a, "b"'

          """)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `a killed export leaves the file as it was, or whole`() async throws {
    var random = SeededGenerator(seed: 9)
    try await Shell.inNewFolder { shell in
      try await shell.succeed(
        "create collection c ; ingest c \(Shell.tiles)/images --glob 'm*.jpg' ; embed c --as base --model mini"
      )
      let export = "query c@base --like mug-001 --top 369 ; export _ --to out/t.csv --replace"
      TestFiles.makeFolder(shell.folder + "/out")
      try await shell.succeed(export)
      let whole = try #require(TestFiles.text(of: shell.folder + "/out/t.csv"))
      for kill in 1...12 {
        let before = kill.isMultiple(of: 2) ? "before\n" : whole
        try TestFiles.write(before, to: shell.folder + "/out/t.csv")
        let run = try shell.start([
          "work.parallax", "-c", Array(repeating: export, count: 20).joined(separator: " ; "),
        ])
        try await Task.sleep(for: .milliseconds(Int.random(in: 20...300, using: &random)))
        run.kill(SIGKILL)
        _ = await run.finish()
        let now = TestFiles.text(of: shell.folder + "/out/t.csv")
        #expect(now == before || now == whole, "kill \(kill)")
      }
      try await shell.succeed(export)
      #expect(TestFiles.names(in: shell.folder + "/out", endingWith: ".csv") == ["t.csv"])
    }
  }

  @Test(.enabled(if: Shell.systemProgram("python3") != nil, "needs Python"))
  func `wide and combining characters do not shift a column`() async throws {
    try await Shell.inNewFolder { shell in
      try await collect(
        [
          #""t": "red mug""#, #""t": "赤いマグ""#, #""t": "cafe\u0301 \ud83d\udc08""#, #""t": "ｶﾌｪ""#,
        ], in: shell)
      let table = try await shell.succeed("query c@base --like 0 --top 4 --columns id,t,rank")
      try TestFiles.write(table.output, to: shell.folder + "/table.txt")
      let told = try await python(
        """
        import unicodedata
        def width(text):
            return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
        print(sorted({width(line.rstrip()) for line in open("table.txt", encoding="utf-8")}))
        """, in: shell)
      #expect(told.split(separator: ",").count == 1, "\(told) \(table.output)")
    }
  }

  @Test(.enabled(if: ProviderServer.python != nil, "needs Python"))
  func `controls in a caption are shown, not obeyed`() async throws {
    try await Shell.inNewFolder { shell in
      try await collect([#""t": "a\u001b[2Jb\u0007c\u202ed""#], in: shell)
      let seen = try await onTerminal(
        [.end], ["-c", "query c@base --like 0 --columns id,t"], in: shell)
      #expect(seen.code == 0)
      #expect(!seen.raw.contains("\u{1B}[2J") && !seen.raw.contains("\u{7}"))
      #expect(!seen.raw.unicodeScalars.contains("\u{202E}"))
      #expect(seen.text.contains("[2Jb"))
    }
  }

  @Test(.enabled(if: ProviderServer.python != nil, "needs Python"))
  func `without a home the prompt works, with one warning`() async throws {
    try await Shell.inNewFolder { shell in
      let seen = try await onTerminal(
        [
          .expect("1> "), .send("let a = 1\r"), .expect("2> "), .send("let b = 2\r"),
          .expect("3> "),
          .send("\u{4}"), .end,
        ], environment: ["HOME": "/proc/nowhere"], in: shell)
      #expect(seen.code == 0)
      #expect(seen.text.ranges(of: "warning").count == 1, "\(seen.text)")
    }
  }

  @Test(.enabled(if: ProviderServer.python != nil, "needs Python"))
  func `two sessions at once lose no history`() async throws {
    try await Shell.inNewFolder { shell in
      let count = 8
      try await withThrowingTaskGroup { group in
        for session in ["a", "b"] {
          group.addTask {
            var steps: [TerminalRun.Step] = [.expect("1> ")]
            for number in 1...count {
              steps += [.send("let \(session)\(number) = x\r"), .expect("\(number + 1)> ")]
            }
            let seen = try await onTerminal(
              steps + [.send("\u{4}"), .end],
              environment: ["XDG_STATE_HOME": shell.folder + "/state"],
              in: shell)
            #expect(seen.code == 0)
          }
        }
        try await group.waitForAll()
      }
      let kept = try #require(TestFiles.text(of: shell.folder + "/state/parallax/history"))
      for entry in (1...count).flatMap({ ["let a\($0) = x", "let b\($0) = x"] }) {
        #expect(kept.contains(entry), "\(entry)")
      }
    }
  }

  @Test(.enabled(if: ProviderServer.python != nil, "needs Python"), .timeLimit(.minutes(10)))
  func `Ctrl-C right after Enter gives the prompt back, and the same command goes on`() async throws
  {
    let server = try await ProviderServer()
    defer { server.stop() }
    try await Shell.inNewFolder { shell in
      try await shell.succeed("create collection t ; ingest t \(Shell.tiles)/images")
      // Nothing is answered: the command ends only because it was cancelled.
      try await server.misbehave(Array(repeating: "never", count: 40))
      let embed = "embed t --as base --model gemini-embedding-2 --dim 128"
      let seen = try await onTerminal(
        [
          .expect("1> "), .send(embed + "\r"), .expect("--dim 128\n"), .send("\u{3}"),
          .expect("cancelled"), .expect("2> "),
          .send("let still = here\r"), .expect("3> "), .send("\u{4}"), .end,
        ], ["work.parallax"], environment: server.environment(), in: shell)
      #expect(seen.code == 0)
      let kept = try await shell.vectorCount(of: "t@base")
      try await server.behave()
      // Without --resume, which needs the space: it may not have been made yet.
      let resumed = try await shell.run(embed, environment: server.environment())
      #expect(
        resumed.code == 0 && resumed.errors.contains("\(369 - kept) embedded"), "\(resumed.errors)")
    }
  }

  private func onTerminal(
    _ steps: [TerminalRun.Step], _ arguments: [String] = [], environment: [String: String] = [:],
    in shell: Shell
  ) async throws -> TerminalRun.Seen {
    var variables = ["TERM": "xterm-256color"]
    variables.merge(environment) { _, given in given }
    return try await TerminalRun.run(
      [shell.program, "--no-init"] + (arguments.first == "-c" ? ["work.parallax"] : []) + arguments,
      steps,
      columns: 100, environment: variables, folder: shell.folder)
  }
}
