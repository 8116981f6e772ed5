import ParallaxTestSupport
import Testing

/// What a person sees of a workspace that was damaged, or whose session was cut off.
@Suite(.timeLimit(.minutes(10))) struct WorkspaceCheckTests {
  @Test func `damage is listed, said when the program starts, and accepted`() async throws {
    try await Shell.inNewFolder { shell in
      try await prepare(shell)
      let path = shell.folder + "/work.parallax"
      let intact = try await shell.succeed("workspace check")
      #expect(intact.errors.contains("nothing in 'work.parallax' is damaged"))
      try damage(path)
      let check = try await shell.run("workspace check", options: ["--mode", "csv"])
      #expect(check.code == 3)
      #expect(
        check.output == "part,problem\nthe items of 'tiles',a row is not what was stored\n")
      // A session that did not end leaves its lock.
      try TestFiles.write("1\n", to: path + "-lock")
      for _ in 0..<2 {
        let next = try await shell.succeed("list collections")
        #expect(next.errors.hasPrefix("warning: 'work.parallax' is damaged: the items of 'tiles'"))
      }
      let strict = try await shell.run("list collections", options: ["--strict"])
      #expect(strict.code == 1)
      #expect(strict.output.isEmpty)
      let refused = try await shell.run("workspace check --accept")
      #expect(refused.code == 2)
      try await shell.succeed("workspace check --accept --yes")
      #expect(try await shell.succeed("list collections").errors.isEmpty)
    }
  }

  @Test(.timeLimit(.minutes(10))) func `a session that was killed is checked, once`() async throws {
    try await Shell.inNewFolder { shell in
      try await prepare(shell)
      let session = try shell.start(["work.parallax", "--echo"], input: nil)
      // The lock is there before the first line is read.
      try await eventually("the lock") {
        TestFiles.text(of: shell.folder + "/work.parallax-lock") != nil
      }
      session.kill()
      _ = await session.finish()
      let next = try await shell.succeed("list collections")
      #expect(
        next.errors.hasPrefix("the last session did not end properly; nothing is damaged"),
        "\(next.errors)")
      #expect(try await shell.succeed("list collections").errors.isEmpty)
    }
  }

  @Test func `a workspace that is removed is said at the next change`() async throws {
    try await Shell.inNewFolder { shell in
      let outcome = try await ProgramRun(
        "/bin/sh",
        [
          "-c",
          "{ echo 'create collection a'; } | \"$0\" w && mkfifo p && { \"$0\" w -f p & } && "
            + "exec 3>p && while ! test -s w-lock; do sleep 0.01; done; rm w; "
            + "echo 'create collection b' >&3; exec 3>&-; wait $!; echo \"rc $?\"", shell.program,
        ], folder: shell.folder
      ).finish()
      #expect(outcome.output.hasSuffix("rc 1\n"), "\(outcome)")
      #expect(
        outcome.errors.contains(
          "error: 'w' was removed or renamed while it was open; the change was not made"))
    }
  }

  private func prepare(_ shell: Shell) async throws {
    try TestFiles.copy("\(Shell.tiles)/images/mug-001.jpg", to: shell.folder + "/in/mug.jpg")
    try await shell.succeed("create collection tiles ; ingest tiles in")
  }

  /// Changes a letter of the path of an item.
  private func damage(_ path: String) throws {
    var bytes = try TestFiles.bytes(of: path)
    let name = Array("/in/mug.jpg".utf8)
    let start = try #require(
      bytes.indices.first { bytes[$0...].prefix(name.count).elementsEqual(name) })
    bytes[start + 4] = UInt8(ascii: "j")
    try TestFiles.write(bytes, to: path)
  }
}
