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
    let names = table.columns.map { TerminalText.escaped($0.name) }
    let width = names.map { TerminalText.width(of: $0) }.max() ?? 0
    for (index, row) in table.rows.enumerated() {
      if index > 0 { try output("\n") }
      for (name, (column, value)) in zip(names, zip(table.columns, row)) {
        let pad = String(repeating: " ", count: width - TerminalText.width(of: name))
        try output("\(pad)\(name) = \(value.humanText(column, style))\n")
      }
    }
  }
}
