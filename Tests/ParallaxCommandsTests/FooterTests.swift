import ParallaxCore
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxCommands

/// What stands under tables on a terminal of 80 columns: it must be true, and its commands must work.
@MainActor @Suite struct FooterTests {
  @Test func `a footer names hidden columns, and its command shows them`() async throws {
    try await Bench.inNewFolder(isInteractive: true, isTerminal: true) { bench in
      try await bench.prepareWide(columns: ["one", "two"])
      let outcome = await bench.type(
        "query w --like a --columns \(Self.many.joined(separator: ","))")
      let footer = outcome.notes.trimmed
      #expect(footer.contains("hidden columns: "))
      let command = try #require(footer.firstCommand(startingWith: "show "))
      let shown = await bench.type(command)
      #expect(shown.output.contains("size"))
      #expect(!shown.output.isEmpty && !shown.notes.contains("error"))
    }
  }

  private static let many = [
    "rank", "id", "score", "path", "one", "two", "width", "height", "format", "size", "text",
  ]

  @Test func `of very many hidden columns a footer names five`() async throws {
    try await Bench.inNewFolder(isInteractive: true, isTerminal: true) { bench in
      try await bench.prepareWide(columns: (1...60).map { "column\($0)" })
      let outcome = await bench.type("query w --like a")
      let footer = outcome.notes.trimmed
      #expect(footer.utf8.count < 300)
      #expect(footer.contains(" more ('show _ --mode line' shows all)"))
      let shown = await bench.type("show _ --mode line")
      #expect(shown.output.contains("column60 = "))
    }
  }

  @Test func `a reason is never the hidden column, and is whole`() async throws {
    try await Bench.inNewFolder(isInteractive: true, isTerminal: true) { bench in
      try await bench.prepareWide(columns: ["one"])
      for name in ["broken-picture-with-a-long-name", "another"] {
        try TestFiles.write("no picture", to: "\(bench.folder)/in/\(name).jpg")
      }
      _ = await bench.type("ingest w \(bench.folder)/in")
      let failed = await bench.type("embed w")
      let shown = failed.output.isEmpty ? await bench.type("show _") : failed
      #expect(shown.output.contains("reason"))
      #expect(!shown.output.contains("…"))
    }
  }

  @Test func `describe wraps and cuts nothing`() async throws {
    try await Bench.inNewFolder(isInteractive: true, isTerminal: true) { bench in
      try await bench.prepareWide(columns: ["one"])
      let long = "\(bench.folder)/in/a.jpg"
      _ = await bench.type("found = query w --image \(long) --columns rank,id,score,path,width")
      let outcome = await bench.type("describe found")
      #expect(!outcome.output.contains("…"))
      #expect(outcome.output.contains("\ninput "))
      #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
      let joined = outcome.output.filter { $0 != "\n" && $0 != " " }
      #expect(joined.contains("found") && joined.contains(long))
      #expect(joined.contains("--columnsrank,id,score,path,width"))
    }
  }

  @Test func `history shows the newest, all on request, and leaves the last result alone`()
    async throws
  {
    try await Bench.inNewFolder(isInteractive: true, isTerminal: true) { bench in
      _ = await bench.type("set show.rows 3")
      _ = await bench.type("list models")
      for name in ["a", "b", "c", "d"] { _ = await bench.type("let \(name) = 1") }
      let newest = await bench.type("history")
      #expect(newest.output.contains("let d = 1") && newest.output.contains("let b = 1"))
      #expect(!newest.output.contains("let a = 1"))
      #expect(newest.notes == "the newest 3 of 6: 'history --all' shows all\n")
      let all = await bench.type("history --all")
      #expect(all.output.contains("set show.rows 3") && all.notes.isEmpty)
      #expect(await bench.type("history 1").output.contains("set show.rows 3"))
      #expect(await bench.type("show _").output.contains("provider"))
    }
  }

  @Test func `counts agree with their nouns`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepareWide(columns: ["one"])
      let outcome = await bench.succeed(
        "x = query w --like a ; export x --to \(bench.folder)/x.csv")
      #expect(outcome.notes.contains("1 of 1 image ·"))
      #expect(outcome.notes.contains("wrote 1 row to"))
      #expect(outcome.notes.contains("scores 1.000 to 1.000"))
    }
  }

  @Test(arguments: ["collections", "results", "fields w", "spaces w"])
  func `an empty list says of what`(kind: String) async throws {
    try await Bench.inNewFolder { bench in
      if kind.hasSuffix("w") { await bench.succeed("create collection w") }
      let outcome = await bench.succeed("list \(kind)")
      #expect(outcome.notes == "no \(kind.split(separator: " ")[0]) yet\n")
    }
  }
}

extension Bench {
  /// One embedded picture `a` in collection `w` with some columns of metadata.
  fileprivate func prepareWide(columns: [String]) async throws {
    try pictures(["a.jpg": "mug-001"])
    let values = columns.map { _ in "something rather long" }
    try TestFiles.write(
      "file,\(columns.joined(separator: ","))\na.jpg,\(values.joined(separator: ","))\n",
      to: folder + "/wide.csv")
    await succeed(
      "create collection w ; ingest w \(folder)/in --meta \(folder)/wide.csv --key file ; embed w")
  }
}

extension String {
  fileprivate var trimmed: String { split(separator: "\n").joined(separator: " ") }

  /// The command in single quotes that begins with some text.
  fileprivate func firstCommand(startingWith start: String) -> String? {
    split(separator: "'").map(String.init).first { $0.hasPrefix(start) }
  }
}

/// How notes are written where there is a terminal.
@MainActor @Suite struct NoteTests {
  @Test(arguments: [
    (80, ["10 of 12 · 3 ms · result: red"]), (20, ["10 of 12 · 3 ms", "result: red"]),
    (8, ["10 of 12", "3 ms", "result:", "red"]),
  ])
  func `a footer breaks between its parts, then at blanks`(width: Int, lines: [String]) {
    let written = Written()
    let terminal = Console.Stream(isTerminal: true, usesColor: false, width: { width })
    let console = Console(
      results: terminal, notes: terminal, writeResults: { _ in },
      writeNotes: { written.append($0) })
    console.note(parts: ["10 of 12", "3 ms", "result: red"])
    #expect(written.text == lines.map { $0 + "\n" }.joined())
  }

  @Test func `a pipe gets one line`() {
    let written = Written()
    let console = Console(
      results: .plain, notes: .plain, writeResults: { _ in }, writeNotes: { written.append($0) })
    console.note(parts: Array(repeating: "a part of some length", count: 20))
    #expect(written.text.filter { $0 == "\n" }.count == 1)
  }

  private final class Written: Sendable {
    private let kept = Mutex("")
    var text: String { kept.withLock { $0 } }
    func append(_ more: String) { kept.withLock { $0 += more } }
  }
}
