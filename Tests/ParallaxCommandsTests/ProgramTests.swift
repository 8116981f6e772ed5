import ParallaxCore
import ParallaxProviders
import ParallaxStorage
import ParallaxTestSupport
import ParallaxWorkbench
import Testing

@testable import ParallaxCommands

/// From how the program was started to a session.
@MainActor @Suite struct ProgramTests {
  private func withSession(
    _ arguments: [String], _ environment: [String: String] = [:], isInteractive: Bool = false,
    files: [String: String] = [:], _ body: (Session, Program, String) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      for (name, text) in files { try TestFiles.write(text, to: "\(folder)/\(name)") }
      func placed(_ text: String) -> String { text.replacing("FOLDER", with: folder) }
      let program = Program(
        try Invocation(arguments: arguments.map(placed)),
        environment: ["XDG_CONFIG_HOME": folder + "/config"].merging(environment.mapValues(placed))
        {
          $1
        })
      let session = try program.makeSession(isInteractive: isInteractive)
      defer { session.close() }
      try await body(session, program, folder)
    }
  }

  @Test func `settings come from the start, the environment, the workspace and the person`()
    async throws
  {
    try await withTemporaryDirectory { folder in
      let path = folder + "/w.parallax"
      let workspace = try Workspace(path: path)
      try workspace.setSetting("show.rows", to: "3")
      try workspace.setSetting("show.precision", to: "2")
      try workspace.setSetting("no.setting", to: "2")
      workspace.close()
      let files = ["config/parallax/config.plx": "set show.rows 1\nset model person\n"]
      try await withSession(
        [path, "--mode", "csv", "--strict"], ["PARALLAX_SHOW_PRECISION": "5"], files: files
      ) { session, _, _ in
        #expect(session.settings[.showRows] == 3)
        #expect(session.settings[.showPrecision] == 5)
        #expect(session.settings[.model] == "person")
        #expect(session.settings[.mode].id == "csv" && session.settings[.strict])
      }
      try await withSession([path, "--no-init"], files: files) { session, _, _ in
        #expect(session.settings[.model] == "mini" && session.settings[.showPrecision] == 2)
      }
    }
  }

  @Test(
    arguments: [
      ("PARALLAX_SHOW_ROWS", "many", "PARALLAX_SHOW_ROWS: 'show.rows' takes a whole number"),
      ("PARALLAX_KERNELS", "abacus", "abacus"),
      ("PARALLAX_PRICES", "FOLDER/prices.csv", "prices.csv"),
    ])
  func `a variable that means nothing is an error`(
    name: String, value: String, message: String
  ) async throws {
    let error = try await #require(throws: ParallaxError.self) {
      try await withSession(
        ["--strict"], [name: value], files: ["prices.csv": "cheap\n"]
      ) { _, _, _ in }
    }
    #expect(error.message.contains(message), "\(error)")
  }

  @Test func `a configuration with a mistake is left out, unless strict`() async throws {
    for text in ["set show.rows many\n", "list collections\n", "set show.rows 9 ; qurey\n"] {
      let files = ["config/parallax/config.plx": text]
      try await withSession(["--color", "never"], files: files) { session, _, _ in
        #expect(session.settings[.showRows] == 20)
      }
      await #expect(throws: ParallaxError.self) {
        try await withSession(["--strict"], files: files) { _, _, _ in }
      }
    }
    let prices = ["prices.csv": "cheap\n"]
    try await withSession([], ["PARALLAX_PRICES": "FOLDER/prices.csv"], files: prices) { _, _, _ in
    }
  }

  @Test func `without a name the workspace goes with the session`() async throws {
    var path = ""
    try await withSession([], isInteractive: true) { session, _, _ in
      path = session.workspace.path
      #expect((try? TestFiles.bytes(of: path)) != nil)
      #expect(session.isInteractive && session.temporary != nil)
    }
    #expect(!path.isEmpty && (try? TestFiles.bytes(of: path)) == nil)
  }

  @Test func `commands and scripts run, and say how they ended`() async throws {
    let files = ["night.plx": "create collection night\n", "bad.plx": "qurey\n"]
    for (arguments, code) in [
      (["-c", "create collection c"], 0), (["-c", "show nothing"], 2),
      (["-f", "FOLDER/night.plx"], 0),
      (["-f", "FOLDER/bad.plx"], 2), (["-f", "FOLDER/none.plx"], 1), (["-f", "FOLDER/x.md"], 1),
    ] as [([String], Int32)] {
      try await withSession(arguments + ["--safe", "--offline"], files: files) {
        session, program, _ in
        #expect(await program.runScript(in: session) == code, "\(arguments)")
        #expect(session.isSafe && session.bench.models.providers.isOffline)
      }
    }
  }

  @Test func `traffic may be shown, recorded and replayed`() async throws {
    for variables in [
      ["PARALLAX_REPLAY_HTTP": "FOLDER/http"],
      ["PARALLAX_RECORD_HTTP": "FOLDER/http", "PARALLAX_SHOW_HTTP": "1"],
      ["PARALLAX_SHOW_HTTP": "0", "HOME": "FOLDER", "XDG_CACHE_HOME": "relative"],
    ] {
      try await withSession(["FOLDER/w.parallax"], variables) { session, _, folder in
        let isTraced = session.bench.models.providers.trace != nil
        #expect(isTraced == (variables["PARALLAX_SHOW_HTTP"] == "1"))
        #expect(session.workspace.path == folder + "/w.parallax")
      }
    }
  }

  @Test(arguments: [
    ("exit 3", false, "shell: exit 3\n"), ("kill -9 $$", false, "shell: ended by signal 9\n"),
    ("true", false, ""), ("cd / && exit 0", false, "'cd' holds within a shell command only"),
    ("exit 3", true, "shell commands are off"),
  ])
  func `a shell command says how it ended`(
    command: String, isSafe: Bool, said: String
  ) async throws {
    try await Bench.inNewFolder(isInteractive: true, isSafe: isSafe) { bench in
      bench.session.runShellCommand(command)
      let notes = await bench.type("use").notes
      let own = notes.replacing("nothing is in use\n", with: "")
      #expect(said.isEmpty ? own.isEmpty : own.contains(said), "\(own)")
    }
  }
}
