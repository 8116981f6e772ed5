import ParallaxText
import Testing

@Suite struct FoldingTests {
  @Test(arguments: [
    ("short", 10, ["short"]), ("", 10, [""]), ("one two three", 7, ["one two", "three"]),
    ("one two three", 8, ["one two", "three"]), ("a  b c", 4, ["a  b", "c"]),
    ("猫猫 猫猫", 4, ["猫猫", "猫猫"]), ("unbreakable word", 5, ["unbreakable", "word"]),
    ("x unbreakable", 5, ["x", "unbreakable"]),
  ])
  func `lines break at blanks`(text: String, width: Int, lines: [String]) {
    #expect(TerminalText.folded(text, to: width) == lines)
  }

  @Test(arguments: [
    ("unbreakable", 5, ["unbre", "akabl", "e"]), ("ab cdefgh i", 4, ["ab", "cdef", "gh i"]),
    ("猫猫猫", 3, ["猫", "猫", "猫"]), ("猫", 1, ["猫"]),
  ])
  func `words are cut where asked`(text: String, width: Int, lines: [String]) {
    #expect(TerminalText.folded(text, to: width, cutsWords: true) == lines)
  }

  @Test func `further lines hang`() {
    #expect(TerminalText.folded("one two three", to: 9, hanging: 2) == ["one two", "  three"])
    #expect(
      TerminalText.folded("abcdefgh", to: 5, hanging: 2, cutsWords: true)
        == ["abcde", "  fgh"])
  }

  @Test(arguments: 1...40)
  func `nothing is lost and nothing is wider`(width: Int) {
    let text = "The quick brown fox, 猫 and e\u{301}clair, jump over a-rather-long-word here"
    let lines = TerminalText.folded(text, to: width, cutsWords: true)
    #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
    if width > 1 { #expect(lines.allSatisfy { TerminalText.width(of: $0) <= width }) }
  }
}
