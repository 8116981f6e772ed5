package import ParallaxCore

/// Tab-separated values without quotes: tab, line feed, carriage return and backslash in a text
/// are written `\t`, `\n`, `\r` and `\\`; null is an empty field.
package struct TSVFormat: SpreadsheetFormat {
  package static let id = "tsv"
  package static let fileExtensions = ["tsv"]
  package static let summary = "tab-separated values, special characters escaped"

  private let isSpreadsheetSafe: Bool

  package init() { self.init(isSpreadsheetSafe: false) }

  package init(isSpreadsheetSafe: Bool) { self.isSpreadsheetSafe = isSpreadsheetSafe }

  package mutating func begin(_ columns: [Table.Column], to output: Output) throws {
    try write(columns.map { .text($0.name) }, to: output)
  }

  package mutating func write(_ row: [Value], to output: Output) throws {
    guard !row.isEmpty else { return }
    try output(row.map(field).joined(separator: "\t") + "\n")
  }

  package mutating func end(to output: Output) {}

  private func field(_ value: Value) -> String {
    let text = value.plainText
    return Self.escaped(
      isSpreadsheetSafe && value.isFreeText ? SpreadsheetText.guarded(text) : text)
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\t": result += "\\t"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\\": result += "\\\\"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
