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
  func fields(of object: String?) -> [String] {
    switch object {
    case "photos@base": ["year", "yield", "city", "shot at"]
    case "red": ["rank", "id", "score"]
    default: ["used"]
    }
  }
  func values(ofSetting setting: String) -> [String] {
    setting == "images" ? ["auto", "kitty", "off"] : []
  }
  func values(
    ofField field: String, of object: String?, startingWith prefix: String
  ) -> [String] {
    guard object == "photos@base" else { return [] }
    return switch field {
    case "city": ["Paris", "Pau", "Rome", "L'Aquila", "a \"b\""].filter { $0.hasPrefix(prefix) }
    case "shot at": ["dawn", "dusk"]
    default: []
    }
  }
  func entries(ofDirectory path: String) -> [String] {
    switch path {
    case ".": ["my photos/", "night.plx", "notes.md", ".hidden"]
    case "my photos/": ["a cat.jpg", "b.jpg"]
    default: []
    }
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
    ("dedupe photos --keep ", "", ["first", "largest", "newest"]), ("query photos --top ", "", []),
    ("show red --columns rank,s", "s", ["score"]),
    ("show red --columns ", "", ["id", "rank", "score"]),
    ("query photos@base --columns s", "s", [#""shot at""#]),
    ("query photos --top $", "$", ["$k", "$other", "$out"]),
    ("query photos --top $k", "$k", ["$k"]), (#"show red --columns "$ot"#, "$ot", ["$other"]),
    ("run x ${ou", "${ou", ["${out}"]), ("query photos --text 'a $o", "'a $o", []),
  ]

  static let expressions: [(typed: String, replaced: String, offered: [String])] = [
    (#"query photos@base --where "ye"#, "ye", ["year"]),
    (#"query photos@base --where "y"#, "y", ["year", "yield"]),
    (#"query photos@base --where "year > 1 and ci"#, "ci", ["city"]),
    (#"query photos@base --where 'city = "Paris" and y"#, "y", ["year", "yield"]),
    (#"query photos@base --where "city = 'ye"#, "", []),
    ("query photos@base --where ye", "ye", ["year"]),
    (#"query photos@base --where="ye"#, "ye", ["year"]),
    (#"query photos@base --where "\"sho"#, #"\"sho"#, [#"\"shot at\""#]),
    ("query photos@base --where 'sho", "sho", [#""shot at""#]),
    (#"query photos@base --where "ye""#, "", []), (#"filter red --where "r"#, "r", ["rank"]),
    (#"show red | filter --where "u"#, "u", ["used"]),
    (#"query photos@base --where "猫 = 1 and ye"#, "ye", ["year"]),
  ]

  static let texts: [(typed: String, replaced: String, offered: [String])] = [
    (#"query photos@base --where "city = 'P"#, "P", ["Paris'", "Pau'"]),
    (#"query photos@base --where "year > 1 and city in ('Rome', 'Pa"#, "Pa", ["Paris'", "Pau'"]),
    (
      #"query photos@base --where "city not in ('"#, "",
      [#"L''Aquila'"#, "Paris'", "Pau'", "Rome'", #"a \"b\"'"#]
    ),
    (#"query photos@base --where "city = 'L''A"#, "L''A", ["L''Aquila'"]),
    (#"query photos@base --where "\"shot at\" = 'd"#, "d", ["dawn'", "dusk'"]),
    (#"query photos@base --where "year = 2020 or 'P"#, "", []),
    ("query photos@base --where 'city = P", "", []),
    (#"query photos --where "city = 'P"#, "", []),
  ]

  static let paths: [(typed: String, replaced: String, offered: [String])] = [
    ("run n", "n", ["night.plx", "notes.md"]), ("run my", "my", [#""my photos/"#]),
    (#"run "my photos/"#, #""my photos/"#, [#""my photos/a cat.jpg""#, #""my photos/b.jpg""#]),
    ("run 'my photos/b", "'my photos/b", ["'my photos/b.jpg'"]),
    (#"run my\ photos/b"#, #"my\ photos/b"#, [#""my photos/b.jpg""#]),
    ("run .", ".", [".hidden"]), ("check a.md no", "no", ["notes.md"]),
    ("gate no", "no", ["notes.md"]), ("query photos --image no", "no", ["notes.md"]),
  ]

  @Test(arguments: cases + options + objects + values + expressions + texts + paths)
  func `tab offers`(typed: String, replaced: String, offered: [String]) {
    let completion = Completer(Sample.registry).complete(
      typed + " --rest", cursor: typed.utf8.count, context: SampleContext())
    #expect(completion.candidates == offered)
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

  @Test func `folders are listed from the disk by default`() async throws {
    struct Bare: CompletionContext {
      var collections: [String] { [] }
      var spaces: [String] { [] }
      var results: [String] { [] }
      var settings: [String] { [] }
      var variables: [String] { [] }
      var models: [String] { [] }
      func fields(of object: String?) -> [String] { [] }
    }
    try await withTemporaryDirectory { folder in
      #expect(Bare().entries(ofDirectory: folder) == [])
      #expect(Bare().entries(ofDirectory: folder + "/none") == [])
      let parent = folder.split(separator: "/").dropLast().map { "/\($0)" }.joined()
      let name = folder.split(separator: "/").last.map { "\($0)/" } ?? ""
      #expect(Bare().entries(ofDirectory: parent).contains(name))
    }
  }
}
