import CommandLanguage
import ParallaxTestSupport
import Testing

struct SampleContext: CompletionContext {
  var collections: [String] { ["photos", "paintings"] }
  var spaces: [String] { ["photos@base", "photos@base-512"] }
  var results: [String] { ["red", "report_1"] }
  var settings: [String] { ["show.precision", "show.rows", "images"] }
  var variables: [String] { ["out", "k", "other"] }
  var models: [String] { ["clip-b32", "gemini-embedding-2"] }
  func columns(of object: String?) -> [String] {
    switch object {
    case "photos@base": ["year", "yield", "city", "shot at"]
    case "red": ["rank", "id", "score"]
    case "_": ["last"]
    default: ["used"]
    }
  }
  func values(ofSetting setting: String) -> [String] {
    setting == "images" ? ["auto", "kitty", "off"] : []
  }
  func columns(ofFile path: String) -> [String] { path == "a.csv" ? ["file", "name"] : [] }
  func items(of object: String?, startingWith prefix: String) -> CompletionMatches {
    prefix == "0" ? CompletionMatches(["0012", "0017"], common: "00") : CompletionMatches([])
  }

  /// A word of a condition: what follows the last blank.
  func expression(_ text: String, over object: String?) -> ExpressionCompletion {
    let words = ["year", "yield", "\"shot at\"", "'it''s'", object ?? "used"]
    let tail = text.split(separator: " ", omittingEmptySubsequences: false).last.map(String.init)
    return ExpressionCompletion(
      start: text.utf8.count - (tail ?? "").utf8.count,
      matches: CompletionMatches(words.filter { $0.hasPrefix(tail ?? "") && tail != "" }))
  }

  func entries(ofDirectory path: String, startingWith prefix: String) -> CompletionMatches {
    let names: [String] =
      switch path {
      case ".": ["my photos/", "night.plx", "notes.md", "a\tb", "^x,y$z"]
      case "my photos/": ["a cat.jpg", "a cow.jpg", "b.jpg"]
      default: []
      }
    return CompletionMatches(names.filter { $0.hasPrefix(prefix) })
  }
}

@Suite struct CompleterTests {
  /// The text before the cursor, the end of it that is replaced, and what Tab offers instead.
  static let cases: [(typed: String, replaced: String, offered: [String])] = [
    ("que", "que", ["query"]), ("re", "re", ["record", "reembed", "report", "rerank"]),
    ("load photos ; sho", "sho", ["show"]), ("query photos | re", "re", ["report", "rerank"]),
    ("red = que", "que", ["query"]), ("red=que", "que", ["query"]), ("qurey photos ", "", []),
    ("# que", "", []), ("quit\nhis", "his", ["history"]),
  ]

  static let options: [(typed: String, replaced: String, offered: [String])] = [
    ("query photos --t", "--t", ["--text", "--top"]), ("query photos -k 5 --to", "--to", []),
    ("query photos --text a --te", "--te", ["--text"]), ("show red --i", "--i", ["--images"]),
    ("show red --no", "--no", ["--no-images"]), ("show red --no-images --im", "--im", []),
    ("show red --images ", "", ["--columns", "--rows"]), ("check -- --u", "--u", []),
  ]

  static let objects: [(typed: String, replaced: String, offered: [String])] = [
    ("query ph", "ph", ["photos", "photos@base", "photos@base-512"]),
    ("query photos@", "photos@", ["photos@base", "photos@base-512"]),
    ("ingest p", "p", ["paintings", "photos"]), ("show re", "re", ["red", "report_1"]),
    ("show se", "se", ["settings"]), ("create ", "", ["collection"]),
    ("list c", "c", ["collections"]), ("help qu", "qu", ["query", "quit"]),
    ("set im", "im", ["images"]), ("set images k", "k", ["kitty"]),
    ("describe photos@base-", "photos@base-", ["photos@base-512"]),
    ("diff photos@base photos@base-", "photos@base-", ["photos@base-512"]),
  ]

  static let values: [(typed: String, replaced: String, offered: [String])] = [
    ("embed photos --model c", "c", ["clip-b32"]), ("embed photos --model=c", "c", ["clip-b32"]),
    ("embed photos --model .", ".", []),
    ("embed photos --model my\\ photos/b", #"my\ photos/b"#, [#"my\ photos/b.jpg"#]),
    ("dedupe photos --keep ", "", ["first", "largest", "newest"]), ("query photos --top ", "", []),
    ("show red --columns rank,s", "s", ["score"]),
    ("show red --columns ", "", ["id", "rank", "score"]),
    ("show --columns ", "", ["last"]), ("query photos | show --columns ", "", ["used"]),
    ("x = query photos@base | show --columns ci", "ci", ["city"]),
    ("query photos@base --columns s", "s", [#""shot at""#]),
    (#"query photos@base --columns sh\o"#, #"sh\o"#, [#"shot\ at"#]),
    ("query photos --like 0", "0", ["0012", "0017"]),
    ("ingest photos x --meta a.csv --key n", "n", ["name"]), ("ingest photos x --key n", "", []),
    ("query photos --top $", "$", ["$k", "$other", "$out"]),
    ("query photos --top $k", "$k", ["$k"]), (#"show red --columns "$ot"#, "$ot", ["$other"]),
    ("run x ${ou", "${ou", ["${out}"]), ("query photos --text 'a $o", "'a $o", []),
  ]

  static let expressions: [(typed: String, replaced: String, offered: [String])] = [
    (#"query photos --where "ye"#, "ye", ["year"]),
    (#"query photos --where "y"#, "y", ["year", "yield"]),
    (#"query photos@base --where "a and ph"#, "ph", ["photos@base"]),
    ("query photos --where 'a = 1 and y", "y", ["year", "yield"]),
    ("query photos --where ye", "ye", [#""year"#]), ("query photos --where a=1", "", []),
    (#"query photos --where="ye"#, "ye", ["year"]),
    (#"query photos --where "\"sho"#, #"\"sho"#, [#"\"shot at\""#]),
    (#"query photos --where '"sho"#, #""sho"#, [#""shot at""#]),
    (#"query photos --where "a = 'i"#, "'i", ["'it''s'"]),
    (#"query photos --where "ye""#, "", []), (#"filter red --where "re"#, "re", ["red"]),
    (#"show red | filter --where "re"#, "re", ["red"]),
    (#"query photos --where "猫 = 1 and ye"#, "ye", ["year"]),
    (#"query photos --where "a > $k and ye"#, "ye", ["year"]),
  ]

  static let paths: [(typed: String, replaced: String, offered: [String])] = [
    ("run n", "n", ["night.plx", "notes.md"]), ("run my", "my", [#"my\ photos/"#]),
    (#"run "my"#, #""my"#, [#""my photos/""#]), ("run 'my", "'my", ["'my photos/'"]),
    (#"run "my photos/b"#, #""my photos/b"#, [#""my photos/b.jpg""#]),
    (#"run "my photos/"b"#, #""my photos/"b"#, [#""my photos/b.jpg""#]),
    ("run 'my photos/b", "'my photos/b", ["'my photos/b.jpg'"]),
    (#"run my\ photos/b"#, #"my\ photos/b"#, [#"my\ photos/b.jpg"#]),
    ("run a", "a", [#""a\tb""#]), (#"run \^"#, #"\^"#, [#"\^x\,y\$z"#]),
    ("check a.md no", "no", ["notes.md"]), ("gate no", "no", ["notes.md"]),
    ("query photos --image no", "no", ["notes.md"]), ("!ls -l no", "no", ["notes.md"]),
    ("!ls my", "my", [#"my\ photos/"#]),
    (#"!cat "my photos/b"#, #""my photos/b"#, [#""my photos/b.jpg""#]),
    ("!wc <no", "no", ["notes.md"]), ("! ^", "^", [#"\^x,y\$z"#]),
    ("!cat a", "a", []),
  ]

  /// What stands in the line while several fit; `nil` when it stays as typed.
  static let partials: [(typed: String, partial: String?)] = [
    ("load photos@", "photos@base"), ("run my\\ photos/", nil),
    ("run my\\ photos/a", #"my\ photos/a\ c"#), (#"run "my photos/a"#, #""my photos/a c"#),
    ("run 'my photos/a", "'my photos/a c"), ("run n", nil), ("query photos --like 0", "00"),
    (#"query photos --where "y"#, nil), ("query photos --where y", nil),
    ("!cat my\\ photos/a", #"my\ photos/a\ c"#), ("query photos --top $o", nil),
  ]

  @Test func `a list says what each candidate is, within the width`() {
    let completer = Completer(Sample.registry)
    let found = completer.complete("show --", cursor: 7, context: SampleContext())
    #expect(!found.candidates.isEmpty && found.candidates.allSatisfy { !$0.summary.isEmpty })
    let lines = found.lines(width: 30)
    #expect(lines.isOnePerLine && lines.texts.count == found.candidates.count)
    for (line, candidate) in zip(lines.texts, found.candidates) {
      #expect(line.hasPrefix(candidate.label + "  ") && line.count <= 30, "\(line)")
    }
    let plain = completer.complete("load ", cursor: 5, context: SampleContext())
    #expect(!plain.lines(width: 30).isOnePerLine)
    #expect(plain.lines(width: 30).texts == plain.candidates.map(\.label))
  }

  @Test(arguments: partials)
  func `tab goes as far as the candidates agree`(typed: String, partial: String?) {
    let completion = Completer(Sample.registry).complete(
      typed, cursor: typed.utf8.count, context: SampleContext())
    #expect(completion.candidates.count == 1 || completion.partial == partial)
  }

  @Test(arguments: cases + options + objects + values + expressions + paths)
  func `tab offers`(typed: String, replaced: String, offered: [String]) {
    let completion = Completer(Sample.registry).complete(
      typed + " --rest", cursor: typed.utf8.count, context: SampleContext())
    #expect(completion.candidates.map(\.replacement) == offered)
    if !offered.isEmpty {
      #expect(completion.start == typed.utf8.count - replaced.utf8.count)
    }
  }

  @Test(arguments: [
    ("que", true), ("show red --columns ra", false), ("run my", false), ("run ni", true),
    (#"query photos@base --where "ye"#, false), ("query photos --top $k", true),
  ])
  func `a blank follows what is finished`(typed: String, space: Bool) {
    let completion = Completer(Sample.registry).complete(
      typed, cursor: typed.utf8.count, context: SampleContext())
    #expect(completion.appendsSpace == space)
  }
}
