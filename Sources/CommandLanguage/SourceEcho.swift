import ParallaxCore
private import ParallaxText

/// A source line made fit to show, and where the carets go beneath it, in terminal columns.
struct SourceEcho {
  /// Escaped, and clipped around the carets; `…` marks each cut.
  private(set) var text: String
  /// Blanks before the first caret.
  private(set) var caretColumn: Int
  /// At least one.
  private(set) var caretCount: Int
  /// The one-based position of the fault in the unclipped line, in characters, as editors count.
  let column: Int

  /// - Parameter width: terminal columns; `nil` for no limit.
  init(_ location: ParallaxError.Location, width: Int?) {
    let bytes = Array(location.text.utf8)
    let start = min(max(location.range.lowerBound, 0), bytes.count)
    let end = min(max(location.range.upperBound, start), bytes.count)
    let before = String(decoding: bytes[..<start], as: UTF8.self)
    let fault = TerminalText.escaped(String(decoding: bytes[start..<end], as: UTF8.self))
    column = before.count + 1
    text = TerminalText.escaped(location.text)
    caretColumn = TerminalText.width(of: TerminalText.escaped(before))
    caretCount = max(1, TerminalText.width(of: fault))
    if let width, TerminalText.width(of: text) > width { clip(to: width) }
  }

  private mutating func clip(to width: Int) {
    let total = TerminalText.width(of: text)
    let caretEnd = caretColumn + min(caretCount, max(1, width - 2))
    let first = caretEnd < width ? 0 : max(0, min(caretColumn - width / 4, total - width + 1))
    let last = first + width
    let cutsLeft = first > 0
    let cutsRight = total > last
    let shown = (first + (cutsLeft ? 1 : 0))..<(last - (cutsRight ? 1 : 0))
    var line = cutsLeft ? "…" : ""
    var column = 0
    var filled = shown.lowerBound
    for character in text {
      let next = column + TerminalText.width(of: character)
      if column >= shown.lowerBound && next <= shown.upperBound {
        line += String(repeating: " ", count: column - filled) + String(character)
        filled = next
      }
      column = next
    }
    text = line + (cutsRight ? "…" : "")
    caretColumn -= first
    caretCount = max(1, min(caretCount, shown.upperBound - first - caretColumn))
  }
}
