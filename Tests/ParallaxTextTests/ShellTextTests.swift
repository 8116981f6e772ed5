import Testing

@testable import ParallaxText

@Suite struct ShellTextTests {
  @Test(arguments: [
    ("", "''"), ("a b", "'a b'"), ("$(x)`y`\\", "'$(x)`y`\\'"), ("a\nb", "'a\nb'"),
    ("it's", #"'it'\''s'"#), ("''", #"''\'''\'''"#),
  ])
  func `a text is one word`(text: String, word: String) {
    #expect(ShellText.quoted(text) == word)
  }

  @Test func `a quote that a mark hides is still a quote`() {
    // One character of two scalars, which a search for ' does not find.
    let hidden = "'\u{301}; echo x; '\u{301}"
    #expect(!hidden.contains("'"))
    #expect(
      Array(ShellText.quoted(hidden).utf8) == Array("''\\''\u{301}; echo x; '\\''\u{301}'".utf8))
  }
}
