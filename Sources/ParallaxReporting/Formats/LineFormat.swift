package import ParallaxCore
private import ParallaxText

/// One field a line, an empty line between rows.
package struct LineFormat: ReadableFormat {
  package static let id = "line"
  package static let fileExtensions: [String] = []
  package static let summary = "one field per line"

  private var rows: KeptRows

  package init() { self.init(for: Presentation()) }

  package init(for presentation: Presentation) {
    rows = KeptRows(fractionDigits: presentation.fractionDigits)
  }

  package mutating func begin(_ columns: [Table.Column], to output: Output) { rows.begin(columns) }

  package mutating func write(_ row: [Value], to output: Output) { rows.append(row) }

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
