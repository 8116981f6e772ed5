/// The rows of a table: held in memory, or made from something smaller each time they are asked for.
package struct TableRows: Sendable {
  private enum Storage: Sendable {
    case held([[Value]])
    case made(count: Int, row: @Sendable (Int) -> [Value])
  }

  private let storage: Storage

  package init(_ rows: [[Value]]) { storage = .held(rows) }

  /// - Parameter row: makes a row, always the same one for a number; called from any thread.
  package init(count: Int, row: @escaping @Sendable (Int) -> [Value]) {
    storage = .made(count: count, row: row)
  }

  /// Some of the rows, in the order given.
  package func keeping(_ places: [Int]) -> TableRows {
    switch storage {
    case .held(let rows): TableRows(places.map { rows[$0] })
    case .made(_, let row): TableRows(count: places.count) { row(places[$0]) }
    }
  }

  /// What `change` makes of each row.
  func changed(_ change: @escaping @Sendable ([Value]) -> [Value]) -> TableRows {
    switch storage {
    case .held(let rows): TableRows(rows.map(change))
    case .made(let count, let row): TableRows(count: count) { change(row($0)) }
    }
  }

  /// Whether each row that is held has so many values.
  func areHeld(width: Int) -> Bool {
    if case .held(let rows) = storage { return rows.allSatisfy { $0.count == width } }
    return true
  }
}

extension TableRows: RandomAccessCollection {
  package var startIndex: Int { 0 }

  package var endIndex: Int {
    switch storage {
    case .held(let rows): rows.count
    case .made(let count, _): count
    }
  }

  package subscript(position: Int) -> [Value] {
    switch storage {
    case .held(let rows): return rows[position]
    case .made(let count, let row):
      precondition(position >= 0 && position < count, "row out of range")
      return row(position)
    }
  }
}

extension TableRows: ExpressibleByArrayLiteral {
  package init(arrayLiteral rows: [Value]...) { self.init(rows) }
}

extension TableRows: Hashable {
  /// Rows are equal by their values, however they are kept.
  package static func == (left: TableRows, right: TableRows) -> Bool { left.elementsEqual(right) }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    if let first { hasher.combine(first) }
  }
}
