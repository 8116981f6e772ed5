import ParallaxCore

/// A `.jsonl` or `.ndjson` file: one JSON object a line; the members are the columns.
///
/// Columns stand in order of first appearance. Arrays and objects are kept as their JSON text.
/// A line that is no object is reported and skipped; of two members of one name the first counts.
package struct JSONLines: MetadataRecords {
  package let columnNames: [String]
  package let rowCount: Int
  package let issues: [IngestIssue]

  /// - Throws: `unreadable-file`, and `invalid-value` when no line is an object.
  package init(contentsOf path: String) throws {
    columnNames = []
    rowCount = 0
    issues = []
  }

  /// Reads `bytes`; `source` names them in issues and errors.
  package init(_ bytes: [UInt8], source: String) throws {
    columnNames = []
    rowCount = 0
    issues = []
  }

  package func cell(row: Int, column: Int) -> RawCell { .empty }

  package func line(ofRow row: Int) -> Int { 0 }
}
