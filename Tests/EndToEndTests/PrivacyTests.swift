import ParallaxCore
import ParallaxTestSupport
import Testing

/// What the README promises under "Privacy", of the program and of every library it opens: it writes
/// nowhere but into its workspace and the history, and calls nobody but the provider that was asked for.
@Suite(.enabled(if: ProviderServer.python != nil, "needs Python"))
struct PrivacyTests {
  private static let script =
    TestData.packageRoot + "/Tests/ParallaxTestSupport/Servers/watched_program.py"

  /// Folders that a program may take for its own, all of them empty.
  private static let private_ = [
    "HOME": "home", "TMPDIR": "tmp", "XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data", "XDG_STATE_HOME": "state", "XDG_RUNTIME_DIR": "run",
  ]

  private struct Seen {
    var code = ""
    var shown: [String] = []
    var written: [String] = []
    var called: [String] = []
  }

  /// Runs a program under the watch, in the folder `work` beside the private ones.
  ///
  /// - Throws: cancels the test where no network namespace can be made, and says why.
  private func watch(
    _ command: [String], typing lines: [String], options: [String] = [], in folder: String
  ) async throws -> Seen {
    let python = try #require(ProviderServer.python)
    let probe = try await ProgramRun(python, [Self.script, "--probe"]).finish()
    if probe.code == 77 {
      try Test.cancel("NOT TESTED: what the program writes and whom it calls: \(probe.errors)")
    }
    var environment = ["GEMINI_API_KEY": ProviderServer.key, "LANG": "C.UTF-8"]
    for (variable, name) in Self.private_ {
      environment[variable] = "\(folder)/\(name)"
      TestFiles.makeFolder("\(folder)/\(name)")
    }
    TestFiles.makeFolder("\(folder)/work")
    let outcome = try await ProgramRun(
      python, [Self.script] + options + command, input: lines.joined(separator: "\n"),
      environment: environment, folder: "\(folder)/work"
    ).finish()
    #expect(outcome.code == 0, "\(outcome.errors)\(outcome.output)")
    var seen = Seen()
    for line in outcome.output.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      switch parts[0] {
      case "code": seen.code = parts[1]
      case "wrote": seen.written.append(parts[1])
      case "called": seen.called.append(parts[1])
      default: seen.shown.append(parts[1])
      }
    }
    return seen
  }

  @Test func `nothing is written outside the workspace and nobody is called`() async throws {
    try await Shell.inNewFolder { shell in
      let tiles = "\(Shell.tiles)/images"
      // The library that runs models sends its first report ten seconds after it was opened.
      let seen = try await watch(
        [shell.program, "work.parallax"],
        typing: [
          "create collection t", "ingest t \(tiles) --glob 'mug-00*.jpg'",
          "embed t --as local --model mini", "query t@local --text 'a red mug' --top 3",
          "query t@local --image \(tiles)/mug-001.jpg --top 3", "export _ --to found.csv",
          "embed t --as remote --model gemini-embedding-2 --dim 128",
          "query t@remote --text 'a red mug' --top 3", "index t@local",
        ], options: ["--server", "--linger", "12"], in: shell.folder)
      #expect(seen.code == "0", "\(seen.shown)")
      #expect(seen.called == [])
      let allowed = ["\(shell.folder)/work/", "\(shell.folder)/state/parallax", "/dev/"]
      #expect(seen.written.filter { path in !allowed.contains { path.hasPrefix($0) } } == [])
      // All of it was done.
      for file in ["work/work.parallax", "work/found.csv", "state/parallax/history"] {
        #expect(seen.written.contains { $0.hasPrefix("\(shell.folder)/\(file)") }, "\(file)")
      }
      let spaces = try await Shell(folder: shell.folder + "/work", program: shell.program)
        .rows("list spaces")
      #expect(spaces.map { [$0[0], $0[6]] } == [["t@local", "9"], ["t@remote", "9"]])
      for name in Self.private_.values where name != "state" {
        let left = try await ProgramRun("/usr/bin/find", ["\(shell.folder)/\(name)"]).finish()
        #expect(left.output == "\(shell.folder)/\(name)\n")
      }
    }
  }

  @Test func `the watch sees files and calls`() async throws {
    try await withTemporaryDirectory { folder in
      let talk = """
        import os, socket
        open(os.environ["XDG_CACHE_HOME"] + "/id", "w").close()
        os.unlink(os.environ["XDG_CACHE_HOME"] + "/id")
        try: socket.create_connection(("203.0.113.5", 443), 1)
        except OSError: pass
        while input("> ") != "quit": pass
        """
      let seen = try await watch(
        [try #require(ProviderServer.python), "-c", talk], typing: ["hello"], in: folder)
      #expect(seen.code == "0")
      #expect(seen.written.contains("\(folder)/cache/id"))
      #expect(seen.called == ["203.0.113.5 443"])
    }
  }
}
