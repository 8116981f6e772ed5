import ParallaxTestSupport
import Testing

/// The program from outside: arguments, streams, exit codes.
@Suite struct CommandLineTests {
  @Test func `a mistyped verb is a usage error with a suggestion`() async throws {
    try await Shell.inNewFolder { shell in
      let outcome = try await shell.run("qurey x")
      #expect(outcome.code == 2)
      #expect(outcome.output.isEmpty)
      #expect(
        outcome.errors == """
          error: unknown command 'qurey'
            --> -c:1:1
            |
          1 | qurey x
            | ^^^^^ did you mean 'query'?

          """)
    }
  }

  @Test func `a script with a typo in its last line runs nothing`() async throws {
    try await Shell.inNewFolder { shell in
      let script = "create collection a\ncreate collection b\nlist colections\n"
      let outcome = try await shell.run(arguments: ["work.parallax"], input: script)
      #expect(outcome.code == 2)
      let list = try await shell.succeed("list collections")
      #expect(list.output.split(separator: "\n").count <= 1)
    }
  }

  @Test func `a failing middle line stops the rest`() async throws {
    try await Shell.inNewFolder { shell in
      let script = "create collection a\nshow _\ncreate collection b\n"
      let outcome = try await shell.run(arguments: ["work.parallax"], input: script)
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains("stdin:2:"))
      let list = try await shell.run("list collections", options: ["--mode", "csv"])
      #expect(list.output.split(separator: "\n").map { $0.prefix(2) } == ["co", "a,"])
    }
  }

  @Test func `input from a pipe behaves as a file does`() async throws {
    try await Shell.inNewFolder { shell in
      let script = "let n = x\ncreate collection $n\nlist collections\n"
      let piped = try await shell.run(arguments: ["one.parallax"], input: script)
      let file = shell.folder + "/s.plx"
      try TestFiles.write(script, to: file)
      let read = try await shell.run(arguments: ["two.parallax", "-f", "s.plx"])
      #expect(piped.code == 0 && read.code == 0)
      #expect(piped.output == read.output)
    }
  }

  @Test func `nothing colours a pipe`() async throws {
    try await Shell.inNewFolder { shell in
      for commands in ["help", "help query", "list models", "show settings", "query"] {
        let outcome = try await shell.run(commands)
        #expect(!(outcome.output + outcome.errors).utf8.contains(0x1B))
      }
    }
  }

  @Test func `unknown settings and options are errors`() async throws {
    try await Shell.inNewFolder { shell in
      let setting = try await shell.run("set show.rosw 5")
      #expect(setting.code != 0 && setting.errors.contains("did you mean 'show.rows'?"))
      let option = try await shell.run(arguments: ["--mod", "csv"])
      #expect(option.code == 2 && option.errors.contains("did you mean '--mode'?"))
    }
  }

  @Test func `a home that cannot be written does not matter`() async throws {
    try await Shell.inNewFolder { shell in
      let outcome = try await shell.run(
        arguments: ["-c", "list models"], environment: ["HOME": "/proc/nonexistent"])
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("mini"))
    }
  }

  @Test(.timeLimit(.minutes(10))) func `a second writer is refused and a reader is not`()
    async throws
  {
    try await Shell.inNewFolder { shell in
      try await shell.succeed("create collection a")
      // A session that waits for its script holds the workspace.
      let holder = try shell.start(["work.parallax"], input: nil)
      // Asked by writing, it might be the one that is refused.
      let lock = shell.folder + "/work.parallax-lock"
      try await eventually("the lock") {
        TestFiles.text(of: lock)?.contains("\(holder.pid)") == true
      }
      let second = try await shell.run("list collections")
      #expect(second.code == 1)
      #expect(second.errors.contains("work.parallax' is open for writing in process"))
      let reader = try await shell.run("list collections", options: ["--read-only"])
      #expect(reader.code == 0 && reader.output.contains("a"))
      holder.closeInput()
      #expect(await holder.finish().code == 0)
    }
  }

  @Test func `files that are no workspace are left as they are`() async throws {
    try await Shell.inNewFolder { shell in
      let path = shell.folder + "/notes.txt"
      try TestFiles.write("not a database, but dear to somebody", to: path)
      let outcome = try await shell.run(arguments: ["notes.txt", "-c", "list collections"])
      #expect(outcome.code == 1)
      #expect(outcome.errors.hasPrefix("error: 'notes.txt'"))
      #expect(TestFiles.text(of: path) == "not a database, but dear to somebody")
    }
  }

  @Test(arguments: ["--help", "--version"])
  func `the program says what it is`(option: String) async throws {
    try await Shell.inNewFolder { shell in
      let outcome = try await shell.run(arguments: [option])
      #expect(outcome.code == 0 && outcome.output.contains("parallax") && outcome.errors.isEmpty)
    }
  }

  @Test func `what is wrong around a session is named, and ends it when strict`() async throws {
    try await Shell.inNewFolder { shell in
      let home = shell.folder + "/home"
      try TestFiles.write("set mode papyrus\n", to: home + "/.config/parallax/config.plx")
      let lenient = try await shell.run(
        "show variables", environment: ["HOME": home, "XDG_CONFIG_HOME": home + "/.config"])
      #expect(lenient.code == 0 && lenient.errors.contains("got 'papyrus'"), "\(lenient.errors)")
      let strict = try await shell.run(
        "show variables", options: ["--strict"],
        environment: ["HOME": home, "XDG_CONFIG_HOME": home + "/.config"])
      #expect(strict.code == 1 && strict.errors.contains("got 'papyrus'"), "\(strict.errors)")
      let variable = try await shell.run(
        "show variables", options: ["--no-init"], environment: ["PARALLAX_SHOW_ROWS": "plenty"])
      #expect(variable.code == 1)
      #expect(variable.errors.contains("PARALLAX_SHOW_ROWS: 'show.rows'"), "\(variable.errors)")
    }
  }
}
