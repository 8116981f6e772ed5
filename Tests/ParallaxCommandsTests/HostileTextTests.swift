import CommandLanguage
import ParallaxCore
import ParallaxProviders
import ParallaxReporting
import ParallaxTestSupport
import ParallaxText
import Synchronization
import Testing

@testable import ParallaxCommands

/// Walks the places where a text that is not the program's own is shown.
@MainActor @Suite struct HostileTextTests {
  /// Titles, colours, 8-bit controls, overrides, isolates, line breaks, and Markdown's own signs.
  nonisolated static let hostile =
    "\u{1B}]0;x\u{7}\u{1B}[2J\u{9B}31m\u{7F}\u{85}\u{202E}\u{2066}\u{2028}a|`<b>[x](y)"
  /// The same as a word of the language.
  nonisolated static let word =
    #""\u{1B}]0;x\u{7}\u{1B}[2J\u{9B}31m\u{7F}\u{85}\u{202E}\u{2066}\u{2028}a|`<b>[x](y)""#

  nonisolated static var humanFormats: [String] {
    FormatRegistry.all.map { $0.id }.filter { !["csv", "tsv"].contains($0) }
  }

  @Test(arguments: humanFormats, [true, false])
  func `no command drives the terminal`(format: String, isTerminal: Bool) async throws {
    var providers = Bench.providers
    providers.variables["EDITOR"] = "false '\(Self.hostile)'"
    try await Bench.inNewFolder(
      isInteractive: true, isTerminal: isTerminal, providers: providers
    ) { bench in
      try prepare(bench)
      bench.session.ask = { $0.contains("0-3") ? "3" : $0.contains("Enter") ? "" : "y" }
      var shown = ""
      await bench.succeed("set mode \(format)")
      for line in lines(bench) {
        let outcome = await bench.type(line)
        shown += outcome.output + outcome.notes
        for (stream, text) in [("results", outcome.output), ("notes", outcome.notes)] {
          let raw = text.unicodeScalars.filter { TerminalText.needsEscape($0) && $0 != "\n" }
          #expect(raw.isEmpty, "'\(line)' writes \(raw.map(\.value)) as \(stream)")
        }
      }
      #expect(shown.contains(#"\u{1B}"#) || shown.contains(#"\u001b"#))
      let verbs = Set(CommandRegistry.all.map { $0.signature.verb })
      for verb in verbs.subtracting(["quit"]) {
        #expect(lines(bench).contains { $0.contains(verb) }, "no line walks '\(verb)'")
      }
    }
  }

  @Test func `a transcript shows the line and drives nothing`() async throws {
    try await Bench.inNewFolder { bench in
      let interpreter = Interpreter(session: bench.session, echoes: true)
      _ = await interpreter.run(script: "create collection c --desc 'a\u{1B}[2J\nb'", source: "s")
      let text = await bench.run("").output
      #expect(text == #"> create collection c --desc 'a\u{1B}[2J"# + "\n. b'\n")
    }
  }

  /// An image, a broken one and a table, whose names, headers and cells are hostile.
  private func prepare(_ bench: Bench) throws {
    try bench.pictures([
      "a.jpg": "mug-001", "\(Self.hostile).jpg".replacing("/", with: ""): "shoe-001",
    ])
    try TestFiles.write("no picture", to: "\(bench.folder)/in/\(Self.hostile)-broken.jpg")
    let cell = "\"\(Self.hostile)\r\n\""
    try TestFiles.write(
      "file,\(cell),year\na.jpg,\(cell),2019\n\(cell),\(cell),2020\n",
      to: "\(bench.folder)/\(Self.hostile).csv")
    try TestFiles.write("query \(Self.hostile)\n", to: "\(bench.folder)/\(Self.hostile).plx")
    try TestFiles.write(
      "---\n\(Self.hostile): x\n---\n```parallax\n> list fields \(Self.hostile)\n\(Self.hostile)\n```\n",
      to: "\(bench.folder)/\(Self.hostile).md")
    let text = JSON.string(Self.hostile)
    try TestFiles.write(
      "{\"id\": \(text), \"text\": \(text), \"f\": \(text)}\n", to: "\(bench.folder)/hostile.jsonl")
  }

  private func lines(_ bench: Bench) -> [String] {
    let w = Self.word
    let path = { (ending: String) in "\"\(bench.folder)/\"\(w)\(ending)" }
    return [
      "create collection c --desc \(w)", "create collection \(w)", "create collection c",
      "ingest c \(bench.folder)/in --meta \(path(".csv")) --key file",
      "ingest c \(path("/no"))", "ingest c \(bench.folder)/in --meta \(path(".csv")) --key \(w)",
      "show _", "sync c", "sync \(w)", "list collections", "list fields c", "list \(w)",
      "describe c", "describe \(w)", "describe model \(w)",
      "embed c --as base --model mini", "embed c --as x --model \(w)", "list spaces", "load c@base",
      "r = query c@base --text \(w) --top 3", "query c@base --text red --where \(w)",
      "query c@base --text red --columns \(w)", "query c@base --image \(path(".jpg"))",
      "query c@base --like \(w)", "query c@base --queries \(path(".csv"))",
      "query c@base --queries \(bench.folder)/hostile.jsonl --columns query,query.text,query.f",
      "explain _ \(w)", "import-run \(path(".csv"))",
      "import-run \(path(".none")) --collection \(w)", "query \(w) --text red", "show r",
      "rerank r --model mmr --columns \(w)", "rerank \(w) --model mmr", "rerank r --model \(w)",
      "rerank r --model mmr:\(w)=1", "rerank r --model mmr --query \(w)",
      "rerank r --model mmr --document \(w)", "rerank r --model mmr --image \(path(".none"))",
      "q = query c@base --queries \(bench.folder)/hostile.jsonl",
      "eval q --relevant-if \"id = :f\"",
      "eval q --relevant-if \"id != :f\" --by f --per-query", "eval q --qrels \(path(".csv"))",
      "eval q --relevant-if \"id != :f\" --by f", "eval \(path(".run")) --qrels \(path(".csv"))",
      "eval q --relevant-if \"id != :f\" --metric \(w)",
      "power --sd 1 --questions 10 --metric \(w)",
      "cmp = compare q c@base --queries \(bench.folder)/hostile.jsonl --relevant-if \"id != :f\"",
      "explain cmp \(w)", "explain cmp \(w) \(w)", "power --from cmp", "power --from \(w)",
      "d = diff q c@base --queries \(bench.folder)/hostile.jsonl", "diff c@base \(w) --changed",
      "explain d \(w)", "diff q c@base --by \(w)",
      "plot r --to \(path(".svg"))", "report r q --to \(path(".html")) --title \(w)",
      "report \(w) --to \(path(".html"))", "report r --to \(path(".\u{9B}"))", "health c@base",
      "map c@base --method pca", "map \(w)",
      "health \(w)", "g = dedupe c@base --min-score -1 --also-hash --normalize", "dedupe \(w)",
      "dedupe c@base --keep \(w)", "dedupe c@base --min-score -1 --script \(path(".sh"))",
      "dedupe c@base --normalize --ranks \(w)", "explain g group 1", "explain g group \(w)",
      "explain g \(w)", "filter g --where \"action = 'would go'\"", "show g --images",
      "report g --to \(path(".g.html"))", "cluster c@base --min-score -1", "cluster \(w)",
      "gate c@base \(w) --max-score 0.9", "serve \(w)", "serve c@base --host \(w)",
      "serve c@base --groups \(w)",
      "gate c@base \(bench.folder)/in --max-score 0.9 --to \(path(".gate.html"))",
      "gate \(w) \(w) --max-score 0.9", "calibrate \(w) --false-alarms 0.5", "calibrations \(w)",
      "judge c@base --min-score 0 --margin 2 --by \(w)", "judge \(w)", "list verdicts",
      "judge q --to h --by \(w) --top 2", "judge q --to \(w)", "judge q --to h --model \(w)",
      "judge q --to h --model mini-cross --instruction \(w)", "judgements", "judgements h",
      "judgements \(w)", "judgements h --disagreements", "eval q --qrels h:\(w)",
      "drop judgements \(w) --yes",
      "import-verdicts \(path(".csv")) --collection c", "audit c@base", "audit c --field \(w)",
      "audit c@base --list broken", "eval c@base --truth \(path(".csv"))",
      "suggest c@base --field \(w)", "suggest c@base --field year", "suggest \(w) --field a",
      "suggest c@base \(bench.folder)/in --field year",
      "suggest c@base \(path(".none")) --field year",
      "watch add w c@base --text \(w) --min-score -1", "watch list", "watch show w",
      "watch show \(w)", "watch add v c@base --image \(path(".none")) --min-score 0",
      "watch remove w", "canary add c@base --probes 2",
      "canary check \(w)", "align \(w) \(w)", "promote \(w)", "demote \(w)",
      "reembed \(w) --as \(w) --model mini",
      "publish c@base --to \(w)", "publish \(w) --to postgres://127.0.0.1:1/\(w)",
      "publish c@base --to postgres://127.0.0.1:1/x --name \(w)", "list publications",
      "query c@base --text red --on \(w)", "drop publication c@base \(w) --yes",
      "describe r", "list results",
      "explain r", "explain \(w)", "filter r --top 1", "filter r --where \(w)", "show \(w)",
      "show r --columns \(w)", "export r --to \(path(".csv"))", "export r --to \(path(".csv"))",
      "export r --to \(path("/no.csv"))", "export r --to \(path(".\u{9B}"))",
      "export c@base --to \(path(".npy"))", "export c@base --to \(path(".tsv")) --columns \(w)",
      "export c@\(w) --to \(path(".npy"))",
      "history --save \(path(".saved.plx"))", "history --save \(path(".csv"))", "history",
      "cache export --to \(path(".jsonl"))", "cache export --model \(w) --to \(path(".m.jsonl"))",
      "cache info", "cache prune --model \(w)", "cost", "jobs", "jobs --cancel \(w)",
      "embed c --as base --shard \(w)", "embed c --as y --model mini --batch",
      "let v = \(w)", "let \(w) = 1",
      "query c@base --text $v", "set model \(w)", "set mode \(w)", "set \(w) 1", "show settings",
      "workspace check", "workspace \(w)", "reset model", "reset \(w)", "run \(path(".plx"))",
      "run \(path(".none"))", "run \(w) \(w)", "run \(path(".md"))", "check \(path(".md"))",
      "check \(path(".none.md"))", "record start \(path(".rec.md"))", "list results",
      "check \(path(".rec.md"))", "record stop", "record \(w)", "edit", "edit \(w)",
      "help \(w)", "index c@base", "index \(w)", "project c@base --dim 64", "project \(w) --dim 64",
      "import c --as v --vectors \(path(".npy")) --ids \(path(".csv")) --model \(w)",
      "import \(w) --as v --vectors \(path(".csv")) --ids \(path(".csv")) --model m",
      "import c --as v --vectors \(path(".csv")) --ids \(path(".csv")) --provider \(w)",
      "use c@base", "use \(w)", "unload c@base", "unload \(w)", "drop result r", "drop result \(w)",
      "drop collection \(w) --yes", "drop space c@base --yes", "drop collection c", w,
      "\(w) = cost",
      Self.hostile,
    ]
  }
}

@Suite struct ConsoleTests {
  @Test func `notes and progress are lines without controls`() {
    let written = Mutex("")
    let stream = Console.Stream(isTerminal: true, usesColor: false)
    let console = Console(
      results: stream, notes: stream, writeResults: { _ in },
      writeNotes: { text in written.withLock { $0 += text } })
    console.note("wrote 'a\u{1B}[2J\nerror: b\u{9B}'")
    console.showTransient("hashing \u{1B}[2J\r\u{202E}")
    let expected =
      #"wrote 'a\u{1B}[2J\nerror: b\u{9B}'"# + "\n" + "\r\u{1B}[K"
      + #"hashing \u{1B}[2J\u{D}\u{202E}"#
    #expect(written.withLock { $0 } == expected)
  }
}
