import CommandLanguage
import Testing

@Suite struct LineColorsTests {
  private static func colored(_ line: String) -> [String] {
    let bytes = Array(line.utf8)
    return LineColors(Sample.registry).spans(of: line).map { span in
      "\(span.kind) \(String(decoding: bytes[span.range], as: UTF8.self))"
    }
  }

  static let cases: [(line: String, spans: [String])] = [
    ("", []), ("que", ["verb que"]), ("zzz", []), ("zzz photos", ["unknownVerb zzz"]),
    (
      #"query photos --text "red car" --top $k"#,
      ["verb query", "option --text", #"quoted "red car""#, "option --top", "variable $k"]
    ),
    ("red = query photos", ["verb query"]), ("red=query photos", ["verb query"]),
    ("load photos ; show red", ["verb load", "sign ;", "verb show"]),
    ("query photos | show # see", ["verb query", "sign |", "verb show", "comment # see"]),
    ("query --text=a'b'", ["verb query", "option --text", "quoted 'b'"]),
    (#"query --text "open"#, ["verb query", "option --text", #"quoted "open"#]),
    ("query photos -- -odd", ["verb query", "option --"]), ("!ls 'a'", []),
    ("query --text кошка\\ a", ["verb query", "option --text", "quoted \\ "]),
    (
      #"query --where "a = \"b c"#,
      ["verb query", "option --where", #"quoted "a = "#, #"quoted \""#, "quoted b c"]
    ),
    (##"show "\\'a"##, ["verb show", ##"quoted "\\"##, "quoted 'a"]),
    (#"show \a"b""#, ["verb show", #"quoted \a""#, #"quoted b""#]),
  ]

  @Test(arguments: cases)
  func `each part has the colour of what it is`(line: String, spans: [String]) {
    #expect(Self.colored(line) == spans)
  }

  @Test func `a painted line is the line`() {
    let colors = LineColors(Sample.registry)
    for (line, _) in Self.cases {
      let painted = colors.painted(line, width: 100) ?? ""
      #expect(painted.replacing(/\u{1B}\[\d+m/, with: "") == line)
    }
    #expect(colors.painted("query", width: 5) == nil)
    #expect(colors.painted("query", width: 6) != nil)
    #expect(colors.painted("query\tphotos", width: 100) == nil)
    #expect(colors.painted("query \u{202E}x", width: 100) == nil)
  }
}
