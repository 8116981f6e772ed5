import ParallaxCore
import Testing

@Suite struct TerminalTextTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("кошка", 5), ("猫", 2), ("日本語 abc", 10), ("ｶﾅ", 2), ("Ａ", 2),
    ("한국어", 6), ("\u{1112}\u{1161}\u{11AB}", 2), ("e\u{301}", 1), ("\u{301}", 0), ("🐈", 2),
    ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("1️⃣", 2), ("☀️", 2), ("☀", 1), ("👍🏽", 2), ("…", 1), ("ไทย", 3),
    ("a\u{200B}b", 2), ("\u{1B}[1m", 3), ("נִ", 1), ("ü", 1), ("〒", 2), ("。", 2), ("½", 1),
  ])
  func `width is counted in terminal columns`(text: String, columns: Int) {
    #expect(TerminalText.width(of: text) == columns)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""),
    ("猫猫猫", 5, "猫猫…"), ("猫猫猫", 4, "猫…"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
    ("abc", -3, ""),
  ])
  func `a cut is marked and never splits a cluster`(text: String, columns: Int, cut: String) {
    #expect(TerminalText.truncated(text, to: columns) == cut)
    #expect(TerminalText.width(of: cut) <= max(columns, 0))
  }

  @Test(arguments: [
    ("plain ü 猫 \\", "plain ü 猫 \\"), ("a\nb\tc", "a\\nb\\tc"), ("\r\n", "\\u{D}\\n"),
    ("\u{1B}[31mred", "\\u{1B}[31mred"), ("\u{9B}2J", "\\u{9B}2J"), ("\u{7F}", "\\u{7F}"),
    ("gpj.\u{202E}exe", "gpj.\\u{202E}exe"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
    ("\0", "\\u{0}"),
  ])
  func `what drives a terminal is written out`(text: String, shown: String) {
    #expect(TerminalText.escaped(text) == shown)
  }

  @Test func `an escaped text holds nothing that needs escaping`() {
    for value in UInt32(0)...0x2100 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let shown = TerminalText.escaped(String(scalar))
      #expect(!shown.unicodeScalars.contains(where: TerminalText.needsEscape))
    }
  }
}
