package import ParallaxCore

/// A cell as a file holds it, before columns get a kind.
package enum RawCell: Sendable, Hashable {
  case empty
  /// A text whose kind is still to be inferred.
  case untyped(String)
  /// A value whose kind the format states, as JSON does.
  case typed(Value)
}

/// Rows under named columns: what a CSV and a JSONL file have in common.
package protocol MetadataRecords: Sendable {
  /// Distinct and not empty.
  var columnNames: [String] { get }
  var rowCount: Int { get }
  var issues: [IngestIssue] { get }

  func cell(row: Int, column: Int) -> RawCell
  /// The one-based line on which a row begins.
  func line(ofRow row: Int) -> Int
}
