private import ParallaxCore
private import ParallaxText

/// How a completed text is written where the cursor is, so that the line can be entered at once:
/// no quote is left open that the person did not open.
struct CompletionQuoting {
  private enum Style {
    /// In quotes that are open; `isInside` when they opened before the text.
    case open(Scan.Quote, isInside: Bool)
    case backslashes
    case quotes
  }

  private let style: Style
  private let closesAfterCursor: Bool

  init(_ position: CompletionPosition, value: BoundText, isPath: Bool) {
    closesAfterCursor = position.closesAfterCursor
    let start = value.range.lowerBound
    let first = position.text.utf8.dropFirst(start).first
    if let quote = position.openQuote {
      style = .open(quote, isInside: position.openQuoteStart < start)
    } else if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      style = .quotes
    } else {
      let usesBackslash = position.text.utf8.dropFirst(start).contains(UInt8(ascii: "\\"))
      style = isPath || usesBackslash ? .backslashes : .quotes
    }
  }

  /// Whether a blank may follow what ``whole(_:)`` writes.
  var closesWord: Bool {
    switch style {
    case .open(_, let isInside): !isInside && !closesAfterCursor
    case .backslashes, .quotes: true
    }
  }

  /// `text` as a whole word.
  func whole(_ text: String) -> String {
    switch style {
    case .open(.single, isInside: true) where Self.fitsSingleQuotes(text): text
    case .open(_, isInside: true): Quoting.doubleQuotedContent(text)
    case .open(.single, _) where Self.fitsSingleQuotes(text): "'\(text)" + close("'")
    case .open(.double, _): "\"\(Quoting.doubleQuotedContent(text))" + close("\"")
    case .open: Quoting.inQuotes(text)
    case .backslashes: Quoting.backslashed(text) ?? Quoting.inQuotes(text)
    case .quotes: Quoting.quoted(text)
    }
  }

  /// `text` as the beginning of a word, to be typed on.
  ///
  /// - Returns: `nil` where that cannot be written.
  func beginning(_ text: String) -> String? {
    switch style {
    case .open(.single, let isInside):
      Self.fitsSingleQuotes(text) ? (isInside ? "" : "'") + text : nil
    case .open(.double, let isInside):
      (isInside ? "" : "\"") + Quoting.doubleQuotedContent(text)
    case .backslashes, .quotes: Quoting.backslashed(text)
    }
  }

  private func close(_ quote: String) -> String { closesAfterCursor ? "" : quote }

  private static func fitsSingleQuotes(_ text: String) -> Bool {
    !text.unicodeScalars.contains { $0 == "'" || TerminalText.needsEscape($0) }
  }
}
