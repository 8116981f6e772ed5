package import ParallaxCore

/// Tab-separated values without quotes: tab, line feed, carriage return and backslash in a text
/// are written `\t`, `\n`, `\r` and `\\`; null is an empty field.
package enum TSVFormat: TableFormat {
  package static let id = "tsv"
  package static let fileExtensions = ["tsv"]
  package static let summary = "tab-separated values, special characters escaped"

  package static func write(
    _ table: Table, style: TableStyle, to output: (String) throws -> Void
  ) throws {
    guard !table.columns.isEmpty else { return }
    let guarded = { (text: String) in
      escaped(style.isSpreadsheetSafe ? SpreadsheetText.guarded(text) : text)
    }
    try output(table.columns.map { guarded($0.name) }.joined(separator: "\t") + "\n")
    for row in table.rows {
      let cells = row.map {
        $0.isFreeText ? guarded($0.plainText) : escaped($0.plainText)
      }
      try output(cells.joined(separator: "\t") + "\n")
    }
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
