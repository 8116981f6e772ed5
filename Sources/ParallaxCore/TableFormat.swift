/// What a format may need to know beside the table.
package struct TableStyle: Sendable, Hashable {
  /// Terminal columns to fit into; `nil` for no limit.
  package var width: Int?
  /// Digits after the point for real numbers in human modes.
  package var fractionDigits: Int
  package var usesColor: Bool
  /// Guards cells that a spreadsheet would run as a formula.
  package var isSpreadsheetSafe: Bool

  package init(
    width: Int? = nil, fractionDigits: Int = 4, usesColor: Bool = false,
    isSpreadsheetSafe: Bool = false
  ) {
    self.width = width
    self.fractionDigits = fractionDigits
    self.usesColor = usesColor
    self.isSpreadsheetSafe = isSpreadsheetSafe
  }
}

/// An output format: one file in ParallaxReporting, one line in its registry.
package protocol TableFormat: Sendable {
  /// The name given to `--mode` and `--as`.
  static var id: String { get }
  /// File endings without the point that choose this format.
  static var fileExtensions: [String] { get }
  static var summary: String { get }

  /// Writes the whole table, ending with a line feed unless it is empty.
  static func write(_ table: Table, style: TableStyle, to output: (String) throws -> Void) throws
}
