internal import ParallaxCore

/// A line of values with a separator: RFC 4180 but for the separator, and with line feeds.
struct DelimitedLine {
  let separator: Unicode.Scalar
  /// Whether what a spreadsheet would run as a formula is guarded.
  let isSpreadsheetSafe: Bool

  /// - Returns: with the line feed; nothing for a row of no cells.
  func text(_ row: [Value]) -> String {
    guard !row.isEmpty else { return "" }
    // A lone null would be a blank line, which readers skip.
    if row.count == 1, row[0] == .null { return "\"\"\n" }
    return row.map(field).joined(separator: String(separator)) + "\n"
  }

  private func field(_ value: Value) -> String {
    if value == .null { return "" }
    let text = value.plainText
    let cell = isSpreadsheetSafe && value.isFreeText ? SpreadsheetText.guarded(text) : text
    return needsQuotes(cell) ? "\"" + Self.doubled(cell) + "\"" : cell
  }

  private func needsQuotes(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return true }
    if first == UInt8(ascii: " ") || last == UInt8(ascii: " ") { return true }
    return text.unicodeScalars.contains {
      $0 == separator || $0 == "\"" || $0 == "\n" || $0 == "\r"
        // Between quotes, what separates cells where a comma is the decimal point does not.
        || isSpreadsheetSafe && ($0 == ";" || $0 == "\t")
    }
  }

  private static func doubled(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\"" { scalars.append(scalar) }
      scalars.append(scalar)
    }
    return String(scalars)
  }
}
