package import ParallaxCore

/// One field a line, an empty line between rows.
package enum LineFormat: TableFormat {
  package static let id = "line"
  package static let fileExtensions: [String] = []
  package static let summary = "one field a line"

  package static func write(
    _ table: Table, style: TableStyle, to output: (String) throws -> Void
  ) throws {
    let table = table.withFittedDecimals(style)
    let width = table.columns.map { TerminalText.width(of: $0.name) }.max() ?? 0
    for (index, row) in table.rows.enumerated() {
      if index > 0 { try output("\n") }
      for (column, value) in zip(table.columns, row) {
        let pad = String(repeating: " ", count: width - TerminalText.width(of: column.name))
        try output("\(pad)\(column.name) = \(value.humanText(column, style))\n")
      }
    }
  }
}
