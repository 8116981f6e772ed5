package import ParallaxCore
private import ParallaxText

/// A GitHub-flavoured Markdown table.
package struct MarkdownFormat: KeepingFormat {
  package static let id = "markdown"
  package static let fileExtensions = ["md", "markdown"]
  package static let summary = "a Markdown table"

  package var rows: KeptRows

  package init(for presentation: Presentation) {
    rows = KeptRows(fractionDigits: presentation.fractionDigits)
  }

  package mutating func end(to output: Output) throws {
    let columns = rows.columns
    guard !columns.isEmpty else { return }
    try output(Self.line(columns.map { Self.escaped(TerminalText.escaped($0.name)) }))
    try output(Self.line(columns.map { $0.kind.isNumeric ? "---:" : "---" }))
    try rows.forEach { cells in try output(Self.line(cells.map(Self.escaped))) }
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
