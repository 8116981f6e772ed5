import ParallaxCore
import ParallaxReporting
import Testing

@testable import ParallaxCommands

/// What a terminal says it can draw.
@Suite struct TerminalAnswerTests {
  private static let attributes = "\u{1B}[?62;4;22c"
  private static let kitty = "\u{1B}_Gi=31;OK\u{1B}\\"
  private static let cell = "\u{1B}[6;18;9t"

  private func answer(_ text: String) -> TerminalAnswer { TerminalAnswer(Array(text.utf8)) }

  @Test func `every part of an answer is read, in any order`() {
    for text in [
      Self.kitty + Self.cell + Self.attributes, Self.cell + Self.attributes + Self.kitty,
    ] {
      let answer = answer(text)
      #expect(answer.drawsKitty && answer.drawsSixel && answer.isComplete && answer.typed.isEmpty)
      #expect(answer.cell == .init(width: 9, height: 18))
    }
  }

  @Test(arguments: [
    ("\u{1B}[?1;2c", false), ("\u{1B}[?4c", false), ("\u{1B}[?62;14;44c", false),
    ("\u{1B}[?64;1;2;4c", true),
  ])
  func `sixel is the attribute 4, not the class`(text: String, isSixel: Bool) {
    #expect(answer(text).drawsSixel == isSixel && answer(text).isComplete)
  }

  @Test func `an error of kitty is no graphics`() {
    #expect(!answer("\u{1B}_Gi=31;EINVAL:no\u{1B}\\" + Self.attributes).drawsKitty)
  }

  @Test func `keys between the parts are kept in order, arrow keys and words of other scripts too`()
  {
    let answer = answer(
      "sh" + Self.kitty + "\u{1B}[A" + Self.cell + "öw\n\u{1B}[6~" + Self.attributes + "\u{1B}Ox")
    #expect(String(decoding: answer.typed, as: UTF8.self) == "sh\u{1B}[Aöw\n\u{1B}[6~\u{1B}Ox")
  }

  @Test func `an answer that is cut off is not the whole, and is kept`() {
    for count in 1..<Self.attributes.utf8.count {
      let part = Array(Self.attributes.utf8.prefix(count))
      let answer = TerminalAnswer(part)
      #expect(!answer.isComplete && answer.typed == part)
    }
  }

  @Test func `a cell without a size says nothing`() {
    for text in ["\u{1B}[6;0;0t", "\u{1B}[6;99999999999999999999;9t", "\u{1B}[6;18t"] {
      #expect(answer(text).cell == nil)
    }
  }

  @Test(
    arguments: [
      (["TERM": "xterm-kitty"], .kitty, .direct), (["TERM": "xterm-ghostty"], .kitty, .direct),
      (["TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"], .iterm2, .direct),
      (["TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"], .iterm2, .direct),
      (["TERM": "xterm-256color", "COLORTERM": "truecolor"], nil, .direct),
      (["TERM": "xterm-256color"], nil, .indexed),
      (["TERM": "xterm-kitty", "TMUX": "/tmp/t,1,0"], nil, .indexed),
      (["TERM": "screen-256color", "LC_TERMINAL": "iTerm2"], nil, .indexed),
      (["TERM": "tmux-256color", "TERM_PROGRAM": "iTerm.app"], nil, .indexed),
    ] as [([String: String], PictureStyle?, TerminalColors)])
  func `the environment counts where it is sure`(
    variables: [String: String], style: PictureStyle?, colors: TerminalColors
  ) {
    let hints = TerminalHints(variables)
    #expect(!hints.isDumb && hints.style == style && hints.colors == colors)
  }

  @Test func `no terminal and a dumb one are dumb`() {
    #expect(TerminalHints([:]).isDumb && TerminalHints(["TERM": "dumb"]).isDumb)
  }
}
