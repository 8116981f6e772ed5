package import ParallaxCore

/// Comma-separated values: RFC 4180 with line feeds, UTF-8, a header row.
///
/// Null is an empty field, the empty string `""`. Reals are the shortest decimal that reads back
/// to the same 64 bits; `nan`, `inf` and `-inf` as pandas and Python read them.
package enum CSVFormat: TableFormat {
  package static let id = "csv"
  package static let fileExtensions = ["csv"]
  package static let summary = "comma-separated values, RFC 4180"

  package static func write(
    _ table: Table, style: TableStyle, to output: (String) throws -> Void
  ) throws {
    guard !table.columns.isEmpty else { return }
    try output(line(table.columns.map { field(.text($0.name), style) }))
    for row in table.rows { try output(line(row.map { field($0, style) })) }
  }

  private static func line(_ fields: [String]) -> String {
    // A lone null would be a blank line, which readers skip.
    fields == [""] ? "\"\"\n" : fields.joined(separator: ",") + "\n"
  }

  private static func field(_ value: Value, _ style: TableStyle) -> String {
    if value == .null { return "" }
    let text = value.plainText
    let cell = style.isSpreadsheetSafe && value.isFreeText ? SpreadsheetText.guarded(text) : text
    // Between quotes, what separates cells where a comma is the decimal point does not.
    let isSplit =
      style.isSpreadsheetSafe && cell.utf8.contains { $0 == UInt8(ascii: ";") || $0 == 9 }
    return isSplit || needsQuotes(cell) ? "\"" + doubled(cell) + "\"" : cell
  }

  private static func needsQuotes(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return true }
    if first == UInt8(ascii: " ") || last == UInt8(ascii: " ") { return true }
    return text.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n")
        || $0 == UInt8(ascii: "\r")
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
