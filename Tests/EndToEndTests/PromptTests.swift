import ParallaxTestSupport
import Testing

/// What a person sees at the prompt, on a terminal.
@Suite(.enabled(if: ProviderServer.python != nil, "needs Python"))
struct PromptTests {
  private static let interrupt = "\u{3}"
  private static let end = "\u{4}"
  /// Ctrl-U, which is read in its turn; a signal is not.
  private static let clear = "\u{15}"

  private func type(
    _ steps: [TerminalRun.Step], arguments: [String] = [], rows: Int = 24, columns: Int = 80,
    output: String? = nil, environment: [String: String] = [:], in shell: Shell
  ) async throws -> TerminalRun.Seen {
    var variables = ["TERM": "xterm-256color", "XDG_STATE_HOME": shell.folder + "/state"]
    variables.merge(environment) { _, given in given }
    return try await TerminalRun.run(
      [shell.program, "--no-init"] + arguments, steps, rows: rows, columns: columns, output: output,
      environment: variables, folder: shell.folder)
  }

  @Test func `Ctrl-C at an empty prompt is answered, Ctrl-D ends well after an error`() async throws
  {
    try await Shell.inNewFolder { shell in
      let seen = try await type(
        [
          .expect("1> "), .send(Self.interrupt), .expect("'quit' ends the session"),
          .expect("1> "), .send(Self.interrupt), .expect("'quit' ends the session"),
          .expect("1> "), .send("qurey\r"), .expect("did you mean 'query'?"), .expect("2> "),
          .send(Self.end), .end,
        ], in: shell)
      #expect(seen.code == 0)
    }
  }

  @Test func `a prompt may end while the model is being opened`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(
        "create collection t ; ingest t \(Shell.tiles)/images/mug-001.jpg ; embed t --as base --model mini"
      )
      let seen = try await type(
        [.expect("1> "), .send(Self.end), .end], arguments: ["work.parallax"], in: shell)
      #expect(seen.code == 0)
    }
  }

  @Test func `Ctrl-Z stops at once, and the line is kept`() async throws {
    try await Shell.inNewFolder { shell in
      let seen = try await type(
        [
          .expect("1> "), .send("let kept"), .expect("kept"), .stop, .expect("let kept"),
          .send(" = 7\r"), .expect("2> "), .send("show variables\r"), .expect("$kept"),
          .expect("7"), .expect("3> "), .send(Self.end), .end,
        ], in: shell)
      #expect(seen.code == 0)
    }
  }

  @Test func `pasted lines wait for Enter`() async throws {
    try await Shell.inNewFolder { shell in
      let pasted = "\u{1B}[200~let a = 1\nlet b = 2\nlet c = 3\u{1B}[201~"
      let seen = try await type(
        [
          .expect("1> "), .send(pasted), .expect("let c = 3"), .send(Self.interrupt),
          .expect("1> "), .send("let z = 9\r"), .expect("2> "), .send("show variables\r"),
          .expect("$z"), .expect("3> "), .send(pasted), .expect("let c = 3"), .send("\r"),
          .expect("4> "), .send("show variables\r"), .expect("$c"), .expect("5> "),
          .send(Self.end), .end,
        ], in: shell)
      let first = seen.text.split(separator: "3> ", maxSplits: 1)[0]
      #expect(!first.contains("$a") && seen.text.contains("$a"))
    }
  }

  @Test func `results go to a file alone, and the prompt stays on the terminal`() async throws {
    try await Shell.inNewFolder { shell in
      let file = shell.folder + "/results"
      let seen = try await type(
        [
          .expect("1> "), .send("create collection one\r"), .expect("created"), .expect("2> "),
          .send("set mode csv ; list collections\r"), .expect("3> "),
          .send(Self.end), .end,
        ], output: file, in: shell)
      #expect(seen.code == 0)
      let results = try TestFiles.lines(of: file)
      #expect(results.count == 2 && results[1].hasPrefix("one,"), "\(results)")
    }
  }

  @Test(arguments: [0, 3])
  func `a terminal without room is no reason to fail`(_ columns: Int) async throws {
    try await Shell.inNewFolder { shell in
      let seen = try await type(
        [
          .expect("1> "), .send("create collection one\r"), .expect("2> "),
          .resize(rows: 0, columns: 0), .send("list\r"), .expect("one"), .expect("3> "),
          .send(Self.end), .end,
        ], rows: columns, columns: columns, in: shell)
      #expect(seen.code == 0)
    }
  }

  @Test func `nothing is coloured on a terminal where NO_COLOR says so`() async throws {
    try await Shell.inNewFolder { shell in
      for (commands, code) in [("create collection one ; list", 0), ("qurey x", 2)] {
        let seen = try await type(
          [.end], arguments: ["-c", commands], environment: ["NO_COLOR": "1"], in: shell)
        #expect(seen.code == code && !seen.raw.contains("\u{1B}"), "\(seen.raw)")
      }
      let seen = try await type(
        [
          .expect("1> "), .send("list"), .expect("list"), .send(Self.clear),
          .send(Self.end),
          .end,
        ],
        environment: ["NO_COLOR": "1"], in: shell)
      #expect(!seen.raw.contains("\u{1B}[1mlist"))
    }
  }

  @Test func `Tab completes a field, and says what an option is`() async throws {
    try await Shell.inNewFolder { shell in
      try TestFiles.write("filename,year\nmug-001.jpg,2020\n", to: shell.folder + "/meta.csv")
      let seen = try await type(
        [
          .expect("1> "), .send("create collection t\r"), .expect("2> "),
          .send(
            "ingest t \(Shell.tiles)/images --glob mug-001.jpg --meta meta.csv --key filename\r"),
          .expect("1 new"), .expect("3> "), .send("query t --where \"ye\t"), .expect("year"),
          .send(Self.clear), .send("query t --no\t"),
          .expect("--not-"), .send("\t\t"), .expect("--not-image  subtract an image"),
          .send(Self.clear), .send(Self.end), .end,
        ], columns: 100, in: shell)
      #expect(seen.code == 0)
      #expect(seen.raw.contains("\u{1B}[1mquery\u{1B}[0m"))
    }
  }

  @Test func `an editor has the terminal, and what it saves runs and is remembered`() async throws {
    try await Shell.inNewFolder { shell in
      // It reads a line as a terminal gives one, answers on it, and mends the input.
      let editor = """
        for file; do :; done
        printf 'EDITOR '; stty -a | tr ' ;' '\\n\\n' | grep -x -e icanon -e echo | tr '\\n' ' '
        read answer; test "$answer" = mend || exit 4
        sed -i 's/onw/one\\ncreate collection two/' "$file"
        """
      try TestFiles.write(editor, to: shell.folder + "/editor")
      let file = shell.folder + "/results"
      let seen = try await type(
        [
          .expect("1> "), .send("create colection onw\r"), .expect("did you mean"), .expect("2> "),
          .send("create collection onw\r"), .expect("created"), .expect("3> "),
          .send("edit 2\r"), .expect("EDITOR"), .expect("icanon echo"), .send("mend\r"),
          .expect("3> create collection one"), .expect(". create collection two"),
          .expect("created"), .expect("created"), .expect("4> "),
          .send("edit\r"), .expect("EDITOR"), .send(Self.interrupt), .expect("ended by signal 2"),
          .expect("4> "), .send("set mode csv ; list collections\r"), .expect("5> "),
          .send(Self.end), .end,
        ], output: file, environment: ["EDITOR": "sh ./editor --wait"], in: shell)
      #expect(seen.code == 0)
      let names = try TestFiles.lines(of: file).dropFirst().map { $0.prefix { $0 != "," } }
      #expect(names.sorted() == ["one", "onw", "two"])
      let history = try TestFiles.lines(of: shell.folder + "/state/parallax/history")
      #expect(
        history.filter { !$0.hasPrefix("#") } == [
          "\tcreate colection onw", "\tcreate collection onw", "\tcreate collection one",
          "\tcreate collection two", "\tset mode csv ; list collections",
        ])
    }
  }
}
