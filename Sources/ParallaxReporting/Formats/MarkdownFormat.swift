package import ParallaxCore

/// A GitHub-flavoured Markdown table.
package enum MarkdownFormat: TableFormat {
  package static let id = "markdown"
  package static let fileExtensions = ["md", "markdown"]
  package static let summary = "a Markdown table"

  package static func write(
    _ table: Table, style: TableStyle, to output: (String) throws -> Void
  ) throws {
    let table = table.withFittedDecimals(style)
    guard !table.columns.isEmpty else { return }
    try output(line(table.columns.map { escaped(TerminalText.escaped($0.name)) }))
    try output(line(table.columns.map { $0.kind.isNumeric ? "---:" : "---" }))
    for row in table.rows {
      try output(line(zip(table.columns, row).map { escaped($1.humanText($0, style)) }))
    }
  }

  private static func line(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |\n"
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      // Brackets too: a caption must not become a picture that is fetched from elsewhere.
      case "|", "\\", "`", "<", "*", "_", "[", "]", "~", "&": result += "\\\(character)"
      default: result.append(character)
      }
    }
  }
}
