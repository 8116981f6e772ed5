import CommandLanguage
import ParallaxCore
import ParallaxText
import Testing

@Suite struct ErrorFormatterTests {
  private func block(
    _ text: String, style: InputStyle = .script, width: Int? = 100, firstLine: Int = 1,
    codes: Bool = false, color: Bool = false
  ) throws -> String {
    let source = style == .script ? "night.plx" : "input 12"
    let error = try #require(throws: ParallaxError.self) {
      try Parser(Sample.registry, style: style).parse(text, source: source, firstLine: firstLine)
    }
    return ErrorFormatter(width: width, usesColor: color, showsCodes: codes).error(error)
  }

  @Test func `a script's error has its line, carets, hint and usage`() throws {
    #expect(
      try block(#"query photos --text "red car" --tpo 20"#, firstLine: 12) == """
        error: unknown option '--tpo' for 'query'
           --> night.plx:12:31
           |
        12 | query photos --text "red car" --tpo 20
           |                               ^^^^^ did you mean '--top'?
           = usage: query [COLLECTION@SPACE] [ITEM…] [--text T[^W]]… [--image F[^W]]… [--like ID[^W]]… …

        """)
  }

  @Test func `the prompt's error names the input, with its code on request`() throws {
    #expect(
      try block("qurey photos", style: .interactive, codes: true) == """
        error[unknown-verb]: unknown command 'qurey'
         --> input 12
         |
         | qurey photos
         | ^^^^^ did you mean 'query'?

        """)
  }

  @Test func `carets count terminal columns and the position counts characters`() throws {
    #expect(
      try block("use 猫 ко\u{301}т", width: nil) == """
        error: 'use' does not take 'ко\u{301}т' here
          --> night.plx:1:7
          |
        1 | use 猫 ко\u{301}т
          |        ^^^
          = usage: use [COLLECTION@SPACE]

        """)
  }

  @Test func `control characters are written out, and the carets follow`() throws {
    #expect(
      try block("use 'a\u{1B}[2J' \u{202E}b", width: nil) == """
        error: 'use' does not take '\\u{202E}b' here
          --> night.plx:1:13
          |
        1 | use 'a\\u{1B}[2J' \\u{202E}b
          |                  ^^^^^^^^^
          = usage: use [COLLECTION@SPACE]

        """)
  }

  @Test(arguments: [40, 60, 20, 0, -5])
  func `a long line is clipped around its carets`(width: Int) throws {
    let words = String(repeating: "кошка 猫 ", count: 30)
    let text = "query photos --text '\(words)' --tpo 5 --not-text '\(words)'"
    let lines = try block(text, width: width).split(
      separator: "\n", omittingEmptySubsequences: false)
    let echo = try #require(lines.first { $0.hasPrefix("1 |") })
    let carets = try #require(lines.first { $0.contains("^^^^^") })
    #expect(TerminalText.width(of: String(echo)) <= max(width, 20))
    let before = String(carets.prefix { $0 != "^" })
    let column = TerminalText.width(of: before)
    #expect(Self.columns(of: String(echo), from: column, count: 5) == "--tpo")
    #expect(lines.contains { $0.contains("did you mean '--top'?") })
  }

  @Test(arguments: 20...70)
  func `clipping keeps the carets under the fault at every width`(width: Int) throws {
    let text = "use photos \(String(repeating: "x", count: 60))猫"
    let lines = try block(text, width: width).split(separator: "\n")
    let echo = try #require(lines.first { $0.hasPrefix("1 |") })
    let carets = try #require(lines.first { $0.contains("^") })
    #expect(TerminalText.width(of: String(echo)) <= width)
    let column = carets.prefix { $0 != "^" }.count
    #expect(Self.columns(of: String(echo), from: column, count: 1) == "x")
    let count = carets.count { $0 == "^" }
    #expect(column + count <= width)
  }

  @Test func `without a place the hint and the causes stand alone`() {
    let cause = ParallaxError(.unreadableFile, "no such file")
    let error = ParallaxError(
      .unknownName, "no collection is called 'photso'", hint: "did you mean 'photos'?",
      cause: ParallaxError(.internalError, "the index is broken", cause: cause))
    #expect(
      ErrorFormatter(width: 80).error(error) == """
        error: no collection is called 'photso'
         = did you mean 'photos'?
         = cause: the index is broken
         = cause: no such file

        """)
  }

  @Test func `warnings look alike`() {
    #expect(
      ErrorFormatter().warning("3 images had no metadata row", hint: "show _ --columns path") == """
        warning: 3 images had no metadata row
         = show _ --columns path

        """)
  }

  @Test func `colour is only colour`() throws {
    let plain = try block("query photos --tpo 20")
    let colored = try block("query photos --tpo 20", color: true)
    #expect(colored.contains("\u{1B}[1;31merror\u{1B}[0m: "))
    #expect(!plain.contains("\u{1B}"))
    var stripped = ""
    var isEscape = false
    for character in colored {
      if character == "\u{1B}" { isEscape = true }
      if !isEscape { stripped.append(character) }
      if character == "m" { isEscape = false }
    }
    #expect(stripped == plain)
  }

  @Test func `a location beyond its line does no harm`() {
    let location = ParallaxError.Location(source: "a", text: "ab", line: 7, range: 9..<99)
    let error = ParallaxError(.usage, "odd", location: location)
    #expect(
      ErrorFormatter(width: 80).error(error) == """
        error: odd
          --> a:7:3
          |
        7 | ab
          |   ^

        """)
  }

  /// The text at some terminal columns of a line.
  private static func columns(of line: String, from start: Int, count: Int) -> String {
    var column = 0
    var text = ""
    for character in line {
      if column >= start && column < start + count { text.append(character) }
      column += TerminalText.width(of: character)
    }
    return text
  }

  @Test func `on a terminal messages and hints fold at blanks`() {
    let error = ParallaxError(
      .usage, "a message that is longer than the terminal is wide",
      hint: "and a hint that does not fit into one line either")
    let text = ErrorFormatter(width: 30, folds: true).error(error)
    #expect(
      text == """
        error: a message that is
        longer than the terminal is
        wide
         = and a hint that does not
           fit into one line either

        """)
    #expect(ErrorFormatter(width: 30).error(error).split(separator: "\n").count == 2)
  }
}
