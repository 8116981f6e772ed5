package import ParallaxCore
private import ParallaxText

/// One field a line, an empty line between rows.
package struct LineFormat: KeepingFormat {
  package static let id = "line"
  package static let fileExtensions: [String] = []
  package static let summary = "one field per line"

  package var rows: KeptRows

  package init(for presentation: Presentation) {
    rows = KeptRows(fractionDigits: presentation.fractionDigits)
  }

  package mutating func end(to output: Output) throws {
    let names = rows.columns.map { TerminalText.escaped($0.name) }
    let width = names.map { TerminalText.width(of: $0) }.max() ?? 0
    var isFirst = true
    try rows.forEach { cells in
      if !isFirst { try output("\n") }
      isFirst = false
      for (name, cell) in zip(names, cells) {
        let pad = String(repeating: " ", count: width - TerminalText.width(of: name))
        try output("\(pad)\(name) = \(cell)\n")
      }
    }
  }
}
