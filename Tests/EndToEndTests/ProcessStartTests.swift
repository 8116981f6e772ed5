import ParallaxTestSupport
import Testing

/// What the program makes of the state in which it was started.
@Suite(.timeLimit(.minutes(10))) struct ProcessStartTests {
  @Test(
    arguments: [
      ("<&-", Int32(0)), ("<&- 2>&-", 0), ("<&- >&- 2>&-", 0),
      ("-c 'create collection c' >&-", 0),
      ("-c 'show settings' >&-", 1), ("-c 'show settings' <&- >&-", 1),
      ("-c 'show settings' 2>&-", 0), ("--help >&-", 1),
    ])
  func `a closed stream is neither read nor written`(line: String, code: Int32) async throws {
    try await Shell.inNewFolder { shell in
      let outcome = try await sh("\"$0\" w \(line)", shell)
      #expect(outcome.code == code, "\(line) said: \(outcome.errors)")
      if line.contains("'show settings'"), line.contains(">&-"), !line.contains("2>&-") {
        #expect(outcome.errors.contains("cannot write the output"))
      }
    }
  }

  @Test func `many notes to a closed stream are no work`() async throws {
    try await Shell.inNewFolder { shell in
      let script = Array(repeating: "create collection a ; drop collection a --yes", count: 300)
      try TestFiles.write(script.joined(separator: "\n"), to: shell.folder + "/s.plx")
      #expect(try await sh("\"$0\" -f s.plx <&- 2>&-", shell).code == 0)
    }
  }

  @Test(arguments: [5, 9, 12, 13, 14, 15, 16])
  func `too few files are named with the remedy`(limit: Int) async throws {
    try await Shell.inNewFolder { shell in
      let outcome = try await sh("ulimit -n \(limit); \"$0\" w -c 'show settings'", shell)
      #expect(outcome.code == 1)
      #expect(
        outcome.errors.hasPrefix(
          "error: too few files can be open at once: the limit is \(limit)\n"))
    }
  }

  @Test(arguments: [0, 8, 64])
  func `a limit of file sizes is an error and ends nothing`(blocks: Int) async throws {
    try await Shell.inNewFolder { shell in
      let outcome = try await sh(
        "ulimit -f \(blocks); \"$0\" w -c 'create collection c; list collections'; echo \"rc $?\"",
        shell)
      #expect(outcome.output.hasSuffix("rc 1\n"), "\(outcome)")
      #expect(outcome.errors.contains("'ulimit -f' allows a larger file"))
    }
  }

  @Test func `a name that is not UTF-8 opens no other file`() async throws {
    try await Shell.inNewFolder { shell in
      let outcome = try await sh(#""$0" "$(printf 'b\303')" -c 'create collection c'"#, shell)
      #expect(outcome.code == 2)
      #expect(outcome.errors.hasPrefix(#"error: argument 1 is not UTF-8: 'b\xC3'"#))
      let folder = try await sh(
        #"mkdir "$(printf 'd\303')" && cd "$(printf 'd\303')" && "$0" w -c 'create collection c'"#,
        shell)
      #expect(folder.code == 1)
      #expect(
        folder.errors.hasPrefix("error: cannot open 'w': the name of its folder is not UTF-8"))
      #expect(try await sh("ls *; ls d*", shell).output.contains("w") == false)
    }
  }

  @Test func `a script may come through a pipe that is named`() async throws {
    try await Shell.inNewFolder { shell in
      let outcome = try await sh("echo 'create collection c' | \"$0\" w -f /dev/stdin", shell)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let named = try await sh(
        "mkfifo p; { sleep 0.1; echo 'list collections' >p; } & \"$0\" w -f p", shell)
      #expect(named.code == 0, "\(named.errors)")
      #expect(named.output.contains("\nc "))
      let within = try await sh("\"$0\" w -c 'run p'", shell)
      #expect(within.code == 1)
      #expect(within.errors.hasPrefix("error: cannot read 'p': it is a FIFO, not a file"))
    }
  }

  /// A line of the system's shell, whose `$0` is the program.
  private func sh(_ line: String, _ shell: Shell) async throws -> ProgramOutcome {
    try await ProgramRun("/bin/sh", ["-c", line, shell.program], folder: shell.folder).finish()
  }
}
