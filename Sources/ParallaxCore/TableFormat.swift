/// An output format: one file in ParallaxReporting, one line in its registry.
///
/// A value is made with the format's own options and writes one table: `begin`, `write` for each
/// row, `end`. What it writes ends with a line feed, unless it writes nothing.
package protocol TableFormat: Sendable {
  typealias Output = (String) throws -> Void

  /// The name given to `--mode` and `--format`.
  static var id: String { get }
  /// File endings without the point that choose this format.
  static var fileExtensions: [String] { get }
  static var summary: String { get }

  /// The format with the usual options.
  init()

  mutating func begin(_ columns: [Table.Column], to output: Output) throws

  /// - Parameter row: as many values as there are columns.
  mutating func write(_ row: [Value], to output: Output) throws

  mutating func end(to output: Output) throws
}

/// A format for people. Its layout depends on every row, so it keeps them all until `end`: give it no
/// more rows than somebody reads.
package protocol ReadableFormat: TableFormat {
  init(for presentation: Presentation)
}

/// A format that people open with a spreadsheet program.
package protocol SpreadsheetFormat: TableFormat {
  /// - Parameter isSpreadsheetSafe: guards cells that a spreadsheet would run as a formula.
  init(isSpreadsheetSafe: Bool)
}

/// Where a person reads a table, and how they like it.
package struct Presentation: Sendable, Hashable {
  /// Terminal columns to fit into; `nil` for no limit.
  package var width: Int?
  /// Digits after the point for real numbers.
  package var fractionDigits: Int
  package var usesColor: Bool

  package init(width: Int? = nil, fractionDigits: Int = 4, usesColor: Bool = false) {
    self.width = width
    self.fractionDigits = fractionDigits
    self.usesColor = usesColor
  }
}

extension TableFormat {
  /// Writes a table whose rows come one at a time.
  ///
  /// - Throws: what `rows` and `output` throw, and `CancellationError`.
  package func write(_ columns: [Table.Column], _ rows: Table.Rows, to output: Output) throws {
    var format = self
    try format.begin(columns, to: output)
    try withoutActuallyEscaping(output) { output in
      try rows { row in
        try Task.checkCancellation()
        try format.write(row, to: output)
      }
    }
    try format.end(to: output)
  }

  /// Writes a table.
  ///
  /// - Throws: what `output` throws, and `CancellationError`.
  package func write(_ table: Table, to output: Output) throws {
    try write(table.columns, { write in for row in table.rows { try write(row) } }, to: output)
  }
}
