import ParallaxText
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

  /// The first scalars of runs of one width, as Python's `wcwidth` 0.9.4 gives them for the
  /// characters of Unicode 14: all wide runs, what follows them, and some of zero width.
  static let firstOfRuns: [(scalar: UInt32, columns: Int)] = [
    (0x300, 0), (0x6DF, 0), (0x859, 0), (0x9FE, 0), (0xB82, 0), (0xD41, 0), (0xF37, 0),
    (0x1100, 2), (0x1160, 0), (0x1A17, 0), (0x1CF4, 0), (0x231A, 2), (0x231C, 1), (0x2329, 2),
    (0x232B, 1), (0x23E9, 2), (0x23ED, 1), (0x23F0, 2), (0x23F1, 1), (0x23F3, 2), (0x23F4, 1),
    (0x25FD, 2), (0x25FF, 1), (0x2614, 2), (0x2616, 1), (0x2630, 2), (0x2638, 1), (0x2648, 2),
    (0x2654, 1), (0x267F, 2), (0x2680, 1), (0x268A, 2), (0x2690, 1), (0x2693, 2), (0x2694, 1),
    (0x26A1, 2), (0x26A2, 1), (0x26AA, 2), (0x26AC, 1), (0x26BD, 2), (0x26BF, 1), (0x26C4, 2),
    (0x26C6, 1), (0x26CE, 2), (0x26CF, 1), (0x26D4, 2), (0x26D5, 1), (0x26EA, 2), (0x26EB, 1),
    (0x26F2, 2), (0x26F4, 1), (0x26F5, 2), (0x26F6, 1), (0x26FA, 2), (0x26FB, 1), (0x26FD, 2),
    (0x26FE, 1), (0x2705, 2), (0x2706, 1), (0x270A, 2), (0x270C, 1), (0x2728, 2), (0x2729, 1),
    (0x274C, 2), (0x274D, 1), (0x274E, 2), (0x274F, 1), (0x2753, 2), (0x2756, 1), (0x2757, 2),
    (0x2758, 1), (0x2795, 2), (0x2798, 1), (0x27B0, 2), (0x27B1, 1), (0x27BF, 2), (0x27C0, 1),
    (0x2B1B, 2), (0x2B1D, 1), (0x2B50, 2), (0x2B51, 1), (0x2B55, 2), (0x2B56, 1), (0x2E80, 2),
    (0x3030, 2), (0x303F, 1), (0x3041, 2), (0x309B, 2), (0x3248, 1), (0x3250, 2), (0xA4D0, 1),
    (0xA66F, 0), (0xA926, 0), (0xA960, 2), (0xAABE, 0), (0xAC00, 2), (0xF900, 2), (0xFB00, 1),
    (0xFE10, 2), (0xFE30, 2), (0xFE70, 1), (0xFF01, 2), (0xFF61, 1), (0xFFE0, 2), (0xFFE8, 1),
    (0x101FD, 0), (0x11070, 0), (0x1122F, 0), (0x11633, 0), (0x11A8A, 0), (0x16FE0, 2),
    (0x16FE4, 0), (0x17000, 2), (0x1BC00, 1), (0x1D300, 2), (0x1D377, 1), (0x1DA9B, 0),
    (0x1F004, 2), (0x1F005, 1), (0x1F0CF, 2), (0x1F0D1, 1), (0x1F18E, 2), (0x1F18F, 1),
    (0x1F191, 2), (0x1F19B, 1), (0x1F1E6, 2), (0x1F321, 1), (0x1F32D, 2), (0x1F336, 1),
    (0x1F337, 2), (0x1F37D, 1), (0x1F37E, 2), (0x1F394, 1), (0x1F3A0, 2), (0x1F3CB, 1),
    (0x1F3CF, 2), (0x1F3D4, 1), (0x1F3E0, 2), (0x1F3F1, 1), (0x1F3F4, 2), (0x1F3F5, 1),
    (0x1F3F8, 2), (0x1F43F, 1), (0x1F440, 2), (0x1F441, 1), (0x1F442, 2), (0x1F4FD, 1),
    (0x1F4FF, 2), (0x1F53E, 1), (0x1F54B, 2), (0x1F54F, 1), (0x1F550, 2), (0x1F568, 1),
    (0x1F57A, 2), (0x1F57B, 1), (0x1F595, 2), (0x1F597, 1), (0x1F5A4, 2), (0x1F5A5, 1),
    (0x1F5FB, 2), (0x1F650, 1), (0x1F680, 2), (0x1F6C6, 1), (0x1F6CC, 2), (0x1F6CD, 1),
    (0x1F6D0, 2), (0x1F6D3, 1), (0x1F6D5, 2), (0x1F6E0, 1), (0x1F6EB, 2), (0x1F6F0, 1),
    (0x1F6F4, 2), (0x1F700, 1), (0x1F7E0, 2), (0x1F800, 1), (0x1F90C, 2), (0x1F93B, 1),
    (0x1F93C, 2), (0x1F946, 1), (0x1F947, 2), (0x1FA00, 1), (0x1FA70, 2), (0x1FB00, 1),
    (0x20000, 2),
  ]

  @Test func `widths agree with an independent table`() throws {
    for (value, columns) in Self.firstOfRuns {
      let scalar = try #require(Unicode.Scalar(value))
      #expect(TerminalText.width(of: String(scalar)) == columns, "U+\(String(value, radix: 16))")
    }
  }
}
