package import ParallaxCore
private import ParallaxText

/// Aligned columns for a terminal.
///
/// Keys (id, rank, score) are never cut; other columns share what the width leaves, and `…` marks
/// every cut. A column that wraps continues on lines of its own. Numbers are aligned to the right, with
/// the same decimals in the whole column.
package struct TableTextFormat: KeepingFormat {
  package static let id = "table"
  package static let fileExtensions = ["txt"]
  package static let summary = "aligned columns for reading"

  private static let gap = 2
  /// No column is cut below this.
  private static let narrowest = 6
  /// Nor one that wraps below this, while there is another way.
  private static let readable = 24

  private let presentation: Presentation
  package var rows: KeptRows

  package init(for presentation: Presentation) {
    self.presentation = presentation
    rows = KeptRows(fractionDigits: presentation.fractionDigits)
  }

  package mutating func end(to output: Output) throws {
    let columns = rows.columns
    guard !columns.isEmpty else { return }
    let names = columns.map { TerminalText.escaped($0.name) }
    var widths = names.map { TerminalText.width(of: $0) }
    try rows.forEach { cells in
      for (index, cell) in cells.enumerated() {
        widths[index] = max(widths[index], TerminalText.width(of: cell))
      }
    }
    if let width = presentation.width { Self.fit(&widths, columns, width) }
    let header = Self.line(names, columns, widths)
    try output((presentation.usesColor ? "\u{1B}[1m\(header)\u{1B}[0m" : header) + "\n")
    try rows.forEach { cells in
      for part in Self.wrapped(cells, columns, widths) {
        try output(Self.line(part, columns, widths) + "\n")
      }
    }
  }

  /// The lines that a row takes: more than one where a column wraps.
  private static func wrapped(
    _ row: [String], _ columns: [Table.Column], _ widths: [Int]
  ) -> [[String]] {
    guard columns.contains(where: \.wraps) else { return [row] }
    let cells = row.enumerated().map { index, cell in
      columns[index].wraps
        ? TerminalText.folded(cell, to: widths[index], cutsWords: true) : [cell]
    }
    return (0..<(cells.map(\.count).max() ?? 1)).map { line in
      cells.map { line < $0.count ? $0[line] : "" }
    }
  }

  /// Cuts the widest columns that are not keys, and keys that wrap, until the line fits: main ones
  /// late, and wrapping ones to words a line only where nothing else helps.
  private static func fit(_ widths: inout [Int], _ columns: [Table.Column], _ width: Int) {
    for (cutsMain, wrapped) in [(false, readable), (true, readable), (true, narrowest)] {
      fit(&widths, columns, width) { index in
        let column = columns[index]
        guard cutsMain || !column.isMain else { return nil }
        if column.wraps { return wrapped }
        return column.isKey || column.kind.isNumeric ? nil : narrowest
      }
    }
  }

  /// - Parameter floor: the least width of a column, `nil` for one that stays.
  private static func fit(
    _ widths: inout [Int], _ columns: [Table.Column], _ width: Int, floor: (Int) -> Int?
  ) {
    var excess = widths.reduce(0, +) + gap * (widths.count - 1) - width
    while excess > 0 {
      let candidates = columns.indices.filter { index in
        floor(index).map { widths[index] > $0 } ?? false
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
      let runnerUp = candidates.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
      let least = max(runnerUp, floor(widest) ?? 0)
      let cut = min(excess, max(1, widths[widest] - least))
      widths[widest] -= cut
      excess -= cut
    }
  }

  private static func line(
    _ cells: [String], _ columns: [Table.Column], _ widths: [Int]
  ) -> String {
    var parts: [String] = []
    for (index, cell) in cells.enumerated() {
      let shown = TerminalText.truncated(cell, to: widths[index])
      let pad = String(
        repeating: " ", count: max(0, widths[index] - TerminalText.width(of: shown)))
      if columns[index].kind.isNumeric {
        parts.append(pad + shown)
      } else {
        parts.append(index == cells.count - 1 ? shown : shown + pad)
      }
    }
    var line = parts.joined(separator: String(repeating: " ", count: gap))
    while line.utf8.last == UInt8(ascii: " ") { line.unicodeScalars.removeLast() }
    return line
  }
}
