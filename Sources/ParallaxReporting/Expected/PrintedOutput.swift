package import ParallaxCore

/// What a command printed, as lines, with the numbers behind the rounded ones.
package struct PrintedOutput: Sendable, Hashable {
  package var lines: [String]
  /// The exact values of the numbers of a table by how they are printed; `nil` where the output is no
  /// table, so that every number with a point may be rounded.
  package var values: [String: [Double]]?

  package init(_ text: String, values: [String: [Double]]? = nil) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    self.values = values
  }

  /// A table as its format for people lays it out.
  package init(_ table: Table, for presentation: Presentation) throws {
    var text = ""
    try TableTextFormat(for: presentation).write(table) { text += $0 }
    var values: [String: [Double]] = [:]
    for (index, column) in table.columns.enumerated() where column.kind == .real {
      let digits = presentation.fractionDigits
      var kept = KeptRows(fractionDigits: digits)
      kept.begin([column])
      for row in table.rows { kept.append([row[index]]) }
      var row = 0
      try kept.forEach { cells in
        if case .real(let value) = table.rows[row][index].typed {
          values[cells[0], default: []].append(value)
        }
        row += 1
      }
    }
    self.init(text, values: values)
  }
}

extension PrintedOutput {
  /// Adds what was printed next.
  package mutating func append(_ other: PrintedOutput) {
    lines += other.lines
    guard let more = other.values, values != nil else {
      if !other.lines.isEmpty { values = nil }
      return
    }
    values?.merge(more) { $0 + $1 }
  }
}
