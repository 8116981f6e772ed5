package import ParallaxCore

/// Aligned columns for a terminal.
///
/// Keys (id, rank, score) are never cut; other columns share what the width leaves, and `…` marks
/// every cut. Columns that wrap, keys or not, go on in lines of their own. Numbers stand at the right with the same decimals all down a column.
package enum TableTextFormat: TableFormat {
  package static let id = "table"
  package static let fileExtensions = ["txt"]
  package static let summary = "aligned columns for reading"

  private static let gap = 2
  /// No column is cut below this.
  private static let narrowest = 6
  /// Nor one that wraps below this, while there is another way.
  private static let readable = 24

  package static func write(
    _ table: Table, style: TableStyle, to output: (String) throws -> Void
  ) throws {
    let table = table.withFittedDecimals(style)
    guard !table.columns.isEmpty else { return }
    let cells = try table.rows.map { row in
      try Task.checkCancellation()
      return zip(table.columns, row).map { $1.humanText($0, style) }
    }
    let names = table.columns.map { TerminalText.escaped($0.name) }
    var widths = names.map { TerminalText.width(of: $0) }
    for row in cells {
      try Task.checkCancellation()
      for (index, cell) in row.enumerated() {
        widths[index] = max(widths[index], TerminalText.width(of: cell))
      }
    }
    if let width = style.width { fit(&widths, table.columns, width) }
    let header = line(names, table.columns, widths)
    try output((style.usesColor ? "\u{1B}[1m\(header)\u{1B}[0m" : header) + "\n")
    for row in cells {
      for part in wrapped(row, table.columns, widths) {
        try output(line(part, table.columns, widths) + "\n")
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
