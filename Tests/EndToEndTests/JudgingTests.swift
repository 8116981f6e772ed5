import ParallaxTestSupport
import Testing

/// The built program, as a judge sees it.
@Suite struct JudgingTests {
  private static let prepare =
    "create collection t ; ingest t \(Shell.tiles)/images --glob 'mug-*.jpg' ; embed t --as base --model mini"
  private static let judge =
    "judge t@base --queries q.csv --pool 3 --to g"

  private func inFolder(_ body: (Shell) async throws -> Void) async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      try TestFiles.write("id,text\nq1,red mug\nq2,blue mug\n", to: shell.folder + "/q.csv")
      try await body(shell)
    }
  }

  private func graded(_ shell: Shell) async throws -> Int {
    try await shell.rows("judgements g").count
  }

  @Test func `what was graded before a kill is kept, and the same command goes on`() async throws {
    try await inFolder { shell in
      let script = """
        mkfifo keys
        "$0" work.parallax -c "\(Self.judge)" <keys >/dev/null 2>said & pid=$!
        exec 3>keys
        printf '3\\n1\\n' >&3
        until grep -q '^3 of 6' said; do kill -0 $pid || exit 1; sleep 0.05; done
        kill -9 $pid
        wait $pid
        """
      let killed = try await ProgramRun(
        "/bin/sh", ["-c", script, shell.program], folder: shell.folder
      ).finish()
      #expect(killed.code == 137, "\(killed.errors)")
      #expect(try await graded(shell) == 2)
      let rest = try await shell.run(
        arguments: ["work.parallax", "-c", Self.judge], input: "0\n0\n0\n2\n")
      #expect(rest.code == 0 && rest.errors.contains("2 judged before"), "\(rest.errors)")
      #expect(try await graded(shell) == 6)
      let checked = try await shell.run("workspace check ; eval t@base --queries q.csv --qrels g")
      #expect(checked.code == 0 && checked.errors.contains("'g': 6 grades for 2 questions"))
    }
  }

  @Test func `without anybody to answer it says so, and pipes no more than it is given`()
    async throws
  {
    try await inFolder { shell in
      let nobody = try await shell.run(Self.judge)
      #expect(nobody.code == 2 && nobody.errors.contains("there is nobody to answer"))
      // The commands themselves come by the standard input: nothing of them is an answer.
      let script = try await shell.run(
        arguments: ["work.parallax"], input: "\(Self.judge)\n3\n")
      #expect(script.code == 2, "\(script.errors)")
      #expect(try await shell.run("judgements g").code == 2)
    }
  }

  @Test func `lines that no command asked for are a warning`() async throws {
    try await inFolder { shell in
      let command = ["work.parallax", "-c", Self.judge]
      let more = try await shell.run(arguments: command, input: "3\n3\n3\n3\n3\n3\n\n2\n1\n")
      #expect(
        more.code == 0 && more.errors.contains("more lines than answers were asked for"),
        "\(more.errors)")
      let strict = try await shell.run(
        arguments: ["--strict"] + command.dropLast() + [Self.judge + "2"],
        input: "3\n3\n3\n3\n3\n3\n2\n")
      #expect(strict.code == 1 && strict.errors.contains("'2'"), "\(strict.errors)")
    }
  }

  @Test(.enabled(if: ProviderServer.python != nil, "needs Python"))
  func `at a terminal a picture is drawn, and a key that is none is asked for again`() async throws
  {
    try await inFolder { shell in
      let seen = try await TerminalRun.run(
        [shell.program, "--no-init", "work.parallax", "-c", Self.judge],
        [
          .expect("[0-3/s/u/q]"), .send("x\n"), .expect("each with Enter"), .expect("[0-3/s/u/q]"),
          .send("3\n"), .expect("2 of 6"), .send("u\n"), .expect("took the last grade back"),
          .expect("1 of 6"), .send("2\n"), .expect("2 of 6"), .send("q\n"), .end,
        ], rows: 50, environment: ["TERM": "xterm-256color"], folder: shell.folder)
      #expect(seen.code == 0 && seen.text.contains("kept 1 grade in 'g': 1 of grade 2"))
      // Half-blocks of colours.
      #expect(seen.raw.contains("\u{2580}") && seen.raw.contains("\u{1B}[38;5;"))
      #expect(!seen.text.contains("score") && !seen.text.contains("rank"))
    }
  }

  @Test(.enabled(if: ProviderServer.python != nil, "needs Python"))
  func `what is asked by a picture stands beside each answer`() async throws {
    try await inFolder { shell in
      try TestFiles.write("id,like\nq1,mug-001\n", to: shell.folder + "/like.csv")
      let judge = "judge t@base --queries like.csv --pool 2 --to g"
      let seen = try await TerminalRun.run(
        [shell.program, "--no-init", "work.parallax", "-c", judge],
        [
          .expect("asked by this"), .expect("id = mug-"), .expect("1 of 2"), .send("3\n"),
          .expect("asked by this"), .expect("id = mug-"), .expect("2 of 2"), .send("1\n"),
          .expect("Enter ends"), .send("u\n"), .expect("2 of 2"), .send("2\n"),
          .expect("Enter ends"), .send("\n"), .end,
        ], rows: 50, columns: 100, environment: ["TERM": "xterm-256color"], folder: shell.folder)
      #expect(seen.code == 0 && !seen.text.contains("id = mug-001"), "\(seen.text)")
    }
  }
}
