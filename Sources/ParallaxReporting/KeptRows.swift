package import ParallaxCore

/// The rows of a format whose layout depends on all of them, as the texts people read.
package struct KeptRows: Sendable {
  private(set) var columns: [Table.Column] = []
  private var rows: [[Value]] = []
  private let fractionDigits: Int

  /// - Parameter fractionDigits: digits after the point where a column does not say how many.
  init(fractionDigits: Int) { self.fractionDigits = fractionDigits }

  mutating func begin(_ columns: [Table.Column]) {
    self.columns = columns
    rows = []
  }

  mutating func append(_ row: [Value]) { rows.append(row) }

  /// Hands over the cells of each row, in order.
  ///
  /// - Throws: what `body` throws, and `CancellationError`.
  func forEach(_ body: ([String]) throws -> Void) throws {
    let digits = columns.indices.map(digits)
    for row in rows {
      try Task.checkCancellation()
      try body(
        row.enumerated().map { index, value in
          value.humanText(columns[index], digits: digits[index], fractionDigits)
        })
    }
  }

  /// As many decimals in a column of reals as its values need, up to the usual ones; scores and other
  /// keys have the usual ones.
  private func digits(_ index: Int) -> Int {
    let column = columns[index]
    if let digits = column.fractionDigits { return digits }
    guard column.kind == .real, !column.isKey else { return fractionDigits }
    let needed = rows.lazy.map { $0[index].decimals ?? fractionDigits }.max() ?? 0
    return min(needed, fractionDigits)
  }
}

/// A format that keeps its rows until `end`, which lays them out.
package protocol KeepingFormat: ReadableFormat {
  var rows: KeptRows { get set }
}

extension KeepingFormat {
  package init() { self.init(for: Presentation()) }

  package mutating func begin(_ columns: [Table.Column], to output: Output) { rows.begin(columns) }

  package mutating func write(_ row: [Value], to output: Output) { rows.append(row) }
}

extension Table {
  /// The cells as people read them, `nil` for nothing.
  ///
  /// - Parameter fractionDigits: digits after the point where a column does not say how many.
  /// - Throws: `CancellationError`.
  package func texts(fractionDigits: Int) throws -> [[String?]] {
    var kept = KeptRows(fractionDigits: fractionDigits)
    kept.begin(columns)
    for row in rows { kept.append(row) }
    var texts: [[String?]] = []
    texts.reserveCapacity(rows.count)
    try kept.forEach { cells in
      texts.append(zip(cells, rows[texts.count]).map { $1 == .null ? nil : $0 })
    }
    return texts
  }
}
