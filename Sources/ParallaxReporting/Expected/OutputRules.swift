/// How far what a command prints may be from what is expected.
package struct OutputRules: Sendable, Hashable {
  /// Rows whose scores differ by no more may swap.
  package static let tie = 1e-3

  /// How far numbers may be apart beyond the precision written.
  package var tolerance: Double
  /// Whether rows may stand in any order.
  package var rowsAreSet: Bool
  /// The share of the rows that must be there, in any order; `nil` for all, in order.
  package var overlap: Double?

  package init(tolerance: Double = 0, rowsAreSet: Bool = false, overlap: Double? = nil) {
    self.tolerance = tolerance
    self.rowsAreSet = rowsAreSet
    self.overlap = overlap
  }
}

/// What stands for something else in an expected output.
package enum Wildcard {
  /// A line of its own: any lines, also none.
  package static let lines = "..."
  /// Within a line: any text, also none.
  package static let text = "[..]"
}
