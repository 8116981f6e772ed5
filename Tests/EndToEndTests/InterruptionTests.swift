import ParallaxCore
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The built program, killed and interrupted: what was stored stays, nothing is stored by half.
@Suite(.fewAtOnce) struct InterruptionTests {
  private static let ingest =
    "ingest t \(Shell.tiles)/images --meta \(Shell.tiles)/metadata.csv --key filename"
  private static let embed = "embed t --as base --model mini"
  private static let question =
    "query t --image \(Shell.tiles)/queries/copy-of-mug-006.jpg --top 1000 --columns id,score,caption"

  @Test(.timeLimit(.minutes(10)))
  func `fifty kills at random moments lose and spoil nothing`() async throws {
    var random = SeededGenerator(seed: 50)
    try await Shell.inNewFolder { shell in
      try await shell.succeed("create collection t ; \(Self.ingest) ; \(Self.embed)")
      let undisturbed = try await scores(shell)

      let attacked = Shell(folder: shell.folder + "/attacked", program: shell.program)
      TestFiles.makeFolder(attacked.folder)
      var vectors = 0
      for kill in 1...50 {
        if vectors == undisturbed.count {
          try await attacked.succeed("drop collection t --yes")
          vectors = 0
        }
        let run = try attacked.start([
          "work.parallax", "-c", try await remaining(attacked),
        ])
        try await Task.sleep(for: .milliseconds(Int.random(in: 5...600, using: &random)))
        run.kill(SIGKILL)
        _ = await run.finish()

        let now = try await attacked.vectorCount(of: "t@base")
        #expect(now >= vectors, "kill \(kill): \(vectors) vectors became \(now)")
        vectors = now
      }
      try await attacked.succeed(remaining(attacked))
      let survived = try await scores(attacked)
      #expect(survived.keys == undisturbed.keys)
      for (id, score) in undisturbed {
        #expect(abs((survived[id] ?? 0) - score) < 1e-5, "\(id)")
      }
    }
  }

  // What is noted and not told is in 'watch show'; what is told once is told never again.
  @Test(.timeLimit(.minutes(10)))
  func `kills lose no match of a watch, and none is told twice`() async throws {
    var random = SeededGenerator(seed: 7)
    try await Shell.inNewFolder { shell in
      func add(_ round: Int) throws {
        for number in 1...3 {
          try TestFiles.copy(
            "\(Shell.tiles)/images/mug-00\(number).jpg",
            to: "\(shell.folder)/in/\(round)-\(number).jpg")
        }
      }
      try add(0)
      try await shell.succeed(
        "create collection c ; ingest c in ; embed c --as base --model mini ; "
          + "watch add all c@base --like 0-1 --min-score -1")
      var (told, kept) = (0, 0)
      for round in 1...12 {
        try add(round)
        let run = try shell.start(["work.parallax", "-c", "sync c ; embed c"])
        try await Task.sleep(for: .milliseconds(Int.random(in: 20...900, using: &random)))
        run.kill(SIGKILL)
        told += Self.toldMatches(await run.finish().errors)
        let found = try await Self.foundMatches(shell)
        #expect(found >= kept && found >= told, "round \(round): \(told) told, \(found) found")
        kept = found
      }
      let last = try await shell.succeed("sync c ; embed c")
      told += Self.toldMatches(last.errors)
      #expect(try await Self.foundMatches(shell) == 36 && told <= 36, "\(told) told")
      #expect(try await shell.rows("watch show all --since 2020-01-01").count == 36)
      #expect(Self.toldMatches(try await shell.succeed("sync c ; embed c").errors) == 0)
    }
  }

  /// New matches that lines of a watch tell of.
  private static func toldMatches(_ text: String) -> Int {
    text.matches(of: /watch 'all': (\d+) new match/).compactMap { Int($0.1) }.reduce(0, +)
  }

  private static func foundMatches(_ shell: Shell) async throws -> Int {
    try await shell.rows("watch list | show --columns found").first.flatMap { Int($0[0]) } ?? -1
  }

  // The server answers eight requests and never the others: the program is in the middle when it is interrupted.
  @Test(.enabled(if: ProviderServer.python != nil, "needs Python"), .timeLimit(.minutes(10)))
  func `Ctrl-C keeps finished batches and --resume goes on`() async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    try await Shell.inNewFolder { shell in
      let embed = "embed t --as base --model gemini-embedding-2 --dim 128"
      try await shell.succeed("create collection t ; \(Self.ingest)")
      let good: [String?] = Array(repeating: nil, count: 8)
      try await server.misbehave(good + Array(repeating: "never", count: 30))
      let run = try shell.start(
        ["work.parallax", "-c", embed], environment: server.environment())
      try await eventually("the first vectors") { try await shell.vectorCount(of: "t@base") > 0 }
      run.kill(SIGINT)
      let outcome = await run.finish()
      #expect(outcome.code == 130)
      #expect(outcome.errors.contains("error: cancelled after "), "\(outcome.errors)")
      #expect(outcome.errors.contains("the same command with --resume continues"))

      let kept = try await shell.vectorCount(of: "t@base")
      #expect((1...8 * 16).contains(kept))
      #expect(outcome.errors.contains("after \(kept) of 369 images"), "\(outcome.errors)")
      try await server.behave()
      let resumed = try await shell.run("\(embed) --resume", environment: server.environment())
      #expect(resumed.code == 0 && resumed.errors.contains("\(369 - kept) embedded"))
      #expect(resumed.errors.contains("\(kept) as before"), "\(resumed.errors)")
    }
  }

  @Test(.enabled(if: Shell.systemProgram("python3") != nil, "needs Python"))
  func `a damaged batch is found, named, and embedded again`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed("create collection t ; \(Self.ingest) ; \(Self.embed)")
      let before = try await scores(shell)
      try await damageOneChunk(in: shell)
      let outcome = try await shell.run(Self.question)
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains("--resume"), "\(outcome.errors)")
      let mended = try await shell.succeed("\(Self.embed) --resume")
      #expect(mended.errors.contains(" as before"), "\(mended.errors)")
      let after = try await scores(shell)
      #expect(after.keys == before.keys)
      for (id, score) in before { #expect(abs((after[id] ?? 0) - score) < 1e-5, "\(id)") }
    }
  }

  /// The commands that a person would enter after a crash: what is there is gone on with.
  private func remaining(_ shell: Shell) async throws -> String {
    let items = try await shell.rows("list collections").first.flatMap { Int($0[1]) }
    return switch items {
    case nil: "create collection t ; \(Self.ingest) ; \(Self.embed)"
    case 0: "\(Self.ingest) ; \(Self.embed)"
    default: "sync t ; \(Self.embed)"
    }
  }

  /// Scores of all items for one picture, in a space.
  private func scores(_ shell: Shell) async throws -> [String: Double] {
    let rows = try await shell.rows(Self.question)
    return Dictionary(
      rows.compactMap { row in Double(row[1]).map { (row[0], $0) } }, uniquingKeysWith: { $1 })
  }

  /// Changes the middle of the first stored chunk of vectors.
  private func damageOneChunk(in shell: Shell) async throws {
    let script = """
      import sqlite3
      file = sqlite3.connect("work.parallax")
      row, vectors = file.execute("SELECT id, vectors FROM chunk LIMIT 1").fetchone()
      middle = len(vectors) // 2
      changed = vectors[:middle] + bytes([vectors[middle] ^ 1]) + vectors[middle + 1:]
      file.execute("UPDATE chunk SET vectors = ? WHERE id = ?", (changed, row))
      file.commit()
      """
    let python = try #require(Shell.systemProgram("python3"))
    let outcome = try await ProgramRun(python, ["-c", script], folder: shell.folder).finish()
    #expect(outcome.code == 0, "\(outcome.errors)")
  }
}
