internal import ParallaxCore

/// Texts that no spreadsheet runs as a formula.
enum SpreadsheetText {
  /// `text` with `'` in front of whatever begins a line as a formula does.
  ///
  /// Programs that split a cell at its line breaks, or trim it, see each line as a cell.
  static func guarded(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var isAtStart = true
    if let first = text.unicodeScalars.first, "\t\r\n".unicodeScalars.contains(first) {
      result.append("'")
    }
    for scalar in text.unicodeScalars {
      if isAtStart, triggers.contains(scalar) { result.append("'") }
      if lineBreaks.contains(scalar) {
        isAtStart = true
      } else if !scalar.properties.isWhitespace {
        isAtStart = false
      }
      result.append(scalar)
    }
    return String(result)
  }

  /// Also in full width, which spreadsheets of East Asian locales take for the same.
  private static let triggers: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
  ]
  private static let lineBreaks: Set<Unicode.Scalar> = [
    "\n", "\r", "\t", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}",
  ]
}

extension Value {
  /// Whether the value is words, which a spreadsheet may take for more; a number as its table wrote
  /// it is a number.
  var isFreeText: Bool {
    switch self {
    case .text, .list, .written(_, as: .null), .written(_, as: .text): true
    case .null, .boolean, .integer, .real, .date, .written: false
    }
  }
}
