@testable import CommandLanguage
import ParallaxCore
import ParallaxTestSupport
import Testing

@Suite struct LexerTests {
  private func words(_ text: String) -> [String] {
    Lexer.scan(text).tokens.compactMap { $0.word?.literal }
  }

  static let cuts: [(text: String, words: [String])] = [
    ("a b\tc", ["a", "b", "c"]), (#"a"b"'c'd"#, ["abcd"]), ("a#b # c", ["a#b"]), ("#a b", []),
    (#"my\ photo.jpg"#, ["my photo.jpg"]), (##"\'a\" \# \| \;"##, ["'a\"", "#", "|", ";"]),
    (#"'a\n$x"b'"#, [#"a\n$x"b"#]), (#""\"\\\$\n\t\u{1F408}""#, ["\"\\$\n\t🐈"]),
    (#"'' "" a''"#, ["", "", "a"]), ("a|b;c\nd", ["a", "b", "c", "d"]), ("a\\\nb", ["ab"]),
    ("a \\\r\n b", ["a", "b"]), ("'two\nlines'", ["two\nlines"]), ("a\r\nb", ["a", "b"]),
    (#"\猫x"#, ["猫x"]), ("**/*.{jpg,png}", ["**/*.{jpg,png}"]),
  ]

  @Test(arguments: cuts)
  func `words are cut as in a shell`(text: String, words: [String]) {
    #expect(self.words(text) == words)
    #expect(Lexer.scan(text).failure == nil)
  }

  @Test(arguments: [
    ("$k", ["k"]), ("${k}s", ["k"]), (#""$a/${b}c" $d$e"#, ["a", "b", "d", "e"]),
    (#"'$a' \$b "\$c""#, []),
  ])
  func `variables are found outside single quotes`(text: String, names: [String]) {
    let found = Lexer.scan(text).tokens.flatMap { $0.word?.variables.map(\.name) ?? [] }
    #expect(found == names)
  }

  @Test func `a variable is one word whatever it holds`() throws {
    let word = try #require(Lexer.scan(#"$folder/"it's $x""#).tokens.first?.word)
    let values = ["folder": "my photos; rm -rf", "x": "\"'|"]
    #expect(try word.bound { values[$0] }.text == "my photos; rm -rf/it's \"'|")
  }

  @Test(arguments: [
    ("", true), ("show red", true), ("show 'red", false), ("show \"red", false),
    ("show red \\", false), ("show red \\\n", false), ("show red \\\\", true), ("a |", false),
    ("a | # then", false), ("a |\n", false), ("a | b", true), ("# it's", true), ("# a \\", true),
    ("show \"a\\", false), ("show \"a\\\"", false), ("show \"\\q", true), ("'a\nb'", true),
    ("show '|'", true),
  ])
  func `a text is complete unless a quote or the line is open`(text: String, complete: Bool) {
    #expect(isComplete(text) == complete)
  }

  @Test(arguments: [
    "a\nb", "\nb", "a |\n\n# c\nb\nc", "a \"\nb\"\nc", "a \\\nb\nc", "a '\n\n", "a |\n", "a \\",
    "# a |\nb", "a \"\n\\q\nb\"", "a \"\\\nb\"\nc", "${a\nb", "a \"\n$1\nb", "a\\u\n", "a;\n;",
    "\"\\u{12\n}\"",
  ])
  func `the first whole beginning is found in one go`(text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let whole = lines.indices.first { isComplete(lines[...$0].joined(separator: "\n")) }
    #expect(firstCompleteLine(of: text) == whole)
  }

  @Test func `ten thousand random texts do no harm`() {
    var random = SeededGenerator(seed: 11)
    let parsers = [InputStyle.script, .interactive].map { Parser(Sample.registry, style: $0) }
    let completer = Completer(Sample.registry)
    for _ in 0..<10_000 {
      let text = randomText(&random)
      let bytes = Array(text.utf8)
      let scan = Lexer.scan(text)
      for token in scan.tokens {
        #expect(token.range.lowerBound >= 0 && token.range.upperBound <= bytes.count)
      }
      for parser in parsers {
        do { _ = try parser.parse(text, source: "x") } catch {
          let block = (error as? ParallaxError).map(ErrorFormatter(width: 40).error)
          #expect(block?.hasPrefix("error: ") ?? false)
        }
      }
      let cursor = Int.random(in: 0...bytes.count, using: &random)
      #expect(completer.complete(text, cursor: cursor, context: SampleContext()).start <= cursor)
    }
  }

  private func randomText(_ random: inout SeededGenerator) -> String {
    let pieces = [
      "query", "photos", "@", "base", "--text", "--top", "--columns", "--where", "=", "^", "0.5",
      "'", "\"", "\\", "$", "{", "}", "k", "|", ";", "\n", "#", " ", " ", " ", "--", "-", ",", "!",
      "\u{1F408}", "猫", "e\u{301}", "\u{202E}", "\0", "\r\n", "\u{1B}", "let", "show", "_7", "5",
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0...14, using: &random) {
      if Int.random(in: 0..<4, using: &random) == 0 {
        let value = UInt32.random(in: 0...0x10FFFF, using: &random)
        if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
      } else if let piece = pieces.randomElement(using: &random) {
        text += piece
      }
    }
    return text
  }

  @Test func `any text survives quoting`() throws {
    var random = SeededGenerator(seed: 12)
    for _ in 0..<5_000 {
      let text = randomText(&random)
      let scan = Lexer.scan(Quoting.quoted(text))
      try #require(scan.failure == nil && scan.tokens.count == 1, "\(text.debugDescription)")
      #expect(scan.tokens[0].word?.literal == text)
    }
  }

  @Test func `the canonical form of any command means the same`() throws {
    var random = SeededGenerator(seed: 13)
    var checked = 0
    let values = ["k": "a, b^2 'c'", "thr": "-$x"]
    func value(_ name: String) -> String? { values[name] }
    for _ in 0..<2_500 {
      let line = randomCommand(&random)
      let parser = Parser(Sample.registry, style: .interactive)
      guard let command = try? parser.parse(line, source: "x").first?.pipeline.first,
        let arguments = try? command.bound(variables: value)
      else { continue }
      checked += 1
      let kept = try Self.only(command.canonical).bound(variables: value)
      let filled = try Self.only(arguments.canonical).bound { _ in nil }
      #expect(Snapshot(kept) == Snapshot(arguments), "\(line) -> \(command.canonical)")
      #expect(Snapshot(filled) == Snapshot(arguments), "\(line) -> \(arguments.canonical)")
      #expect(kept.command.canonical == command.canonical)
    }
    #expect(checked > 1_000)
  }

  private static func only(_ text: String) throws -> ParsedCommand {
    let known = KnownNames()
    let statements = try Parser(Sample.registry, style: .script)
      .parse(text, source: "x", known: known)
    return try #require(statements.first?.pipeline.first)
  }

  private func randomCommand(_ random: inout SeededGenerator) -> String {
    let atoms = [
      "a", "b^2", "c^0.5", "'d e'", "\"$k\"", "$k", "$thr", "\\ ", "\\^", "\\,", ",", "'x,y'", "#",
      "=", "--", "-", "猫", "\"\\n\"", "''", "\"it's\"", "^", "${k}z", "\\$", "!",
    ]
    func word() -> String {
      let count = Int.random(in: 1...3, using: &random)
      return (0..<count).compactMap { _ in atoms.randomElement(using: &random) }.joined()
    }
    var words = ["query", "photos@base"]
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let option = ["--text", "--image", "--columns", "--where", "--not-text", ""]
        .randomElement(using: &random)
      let separator = Bool.random(using: &random) ? " " : "="
      words.append(option.map { $0.isEmpty ? word() : $0 + separator + word() } ?? word())
    }
    if Bool.random(using: &random) { words.append("-- \(word())") }
    return words.joined(separator: " ")
  }
}
