/// An immutable table: what every command returns and every format writes.
package struct Table: Sendable, Hashable {
  /// A column with what a format needs to know to lay it out.
  package struct Column: Sendable, Hashable {
    package var name: String
    package var kind: ValueKind
    /// Digits after the point in human modes; `nil` for the setting's value.
    package var fractionDigits: Int?
    /// Identifiers, ranks and scores are never cut to fit a terminal.
    package var isKey: Bool
    /// What a person looks for: shown before other columns when not all of them fit.
    package var isMain: Bool
    /// On a terminal its texts take as many lines as they need, and are never cut.
    package var wraps: Bool

    package init(
      _ name: String, _ kind: ValueKind, fractionDigits: Int? = nil, isKey: Bool = false,
      isMain: Bool = false, wraps: Bool = false
    ) {
      self.name = name
      self.kind = kind
      self.fractionDigits = fractionDigits
      self.isKey = isKey
      self.isMain = isMain
      self.wraps = wraps
    }
  }

  /// Hands each row to `write`, in order: rows that need not all be in memory.
  package typealias Rows = (_ write: ([Value]) throws -> Void) throws -> Void

  package let columns: [Column]
  /// Each row has as many values as there are columns.
  package let rows: TableRows

  package init(columns: [Column], rows: [[Value]]) {
    self.init(columns: columns, rows: TableRows(rows))
  }

  package init(columns: [Column], rows: TableRows) {
    precondition(rows.areHeld(width: columns.count), "a row has another length than the header")
    self.columns = columns
    self.rows = rows
  }

  /// The position of the column named `name`.
  package func index(of name: String) -> Int? {
    columns.firstIndex { $0.name == name }
  }

  /// The table cut to some columns, in the order given.
  package func selecting(_ indices: [Int]) -> Table {
    Table(
      columns: indices.map { columns[$0] },
      rows: rows.changed { row in indices.map { row[$0] } })
  }

  /// The table with other rows.
  package func replacing(rows: [[Value]]) -> Table { Table(columns: columns, rows: rows) }

  package func replacing(rows: TableRows) -> Table { Table(columns: columns, rows: rows) }
}
