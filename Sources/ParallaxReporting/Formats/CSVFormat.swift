package import ParallaxCore

/// Comma-separated values: RFC 4180 with line feeds, UTF-8, a header row.
///
/// Null is an empty field, the empty string `""`. Reals are the shortest decimal that reads back
/// to the same 64 bits; `nan`, `inf` and `-inf` as pandas and Python read them.
package struct CSVFormat: SpreadsheetFormat {
  package static let id = "csv"
  package static let fileExtensions = ["csv"]
  package static let summary = "comma-separated values, RFC 4180"

  private let isSpreadsheetSafe: Bool

  package init() { self.init(isSpreadsheetSafe: false) }

  package init(isSpreadsheetSafe: Bool) { self.isSpreadsheetSafe = isSpreadsheetSafe }

  package mutating func begin(_ columns: [Table.Column], to output: Output) throws {
    try write(columns.map { .text($0.name) }, to: output)
  }

  package mutating func write(_ row: [Value], to output: Output) throws {
    guard !row.isEmpty else { return }
    // A lone null would be a blank line, which readers skip.
    if row.count == 1, row[0] == .null { return try output("\"\"\n") }
    try output(row.map(field).joined(separator: ",") + "\n")
  }

  package mutating func end(to output: Output) {}

  private func field(_ value: Value) -> String {
    if value == .null { return "" }
    let text = value.plainText
    let cell = isSpreadsheetSafe && value.isFreeText ? SpreadsheetText.guarded(text) : text
    // Between quotes, what separates cells where a comma is the decimal point does not.
    let isSplit = isSpreadsheetSafe && cell.utf8.contains { $0 == UInt8(ascii: ";") || $0 == 9 }
    return isSplit || Self.needsQuotes(cell) ? "\"" + Self.doubled(cell) + "\"" : cell
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
