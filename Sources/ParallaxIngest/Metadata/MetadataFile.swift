package import ParallaxCore

/// A CSV, TSV or JSONL file of metadata with typed columns.
package struct MetadataFile: Sendable {
  /// A column with its kind.
  package struct Field: Sendable, Hashable {
    package var name: String
    package var kind: ValueKind

    package init(name: String, kind: ValueKind) {
      self.name = name
      self.kind = kind
    }
  }

  /// Names tried in this order, without regard to case, when no key column is given.
  package static let usualKeys = ["filename", "file", "file_name", "path", "image", "id"]

  package let path: String
  /// In the order of the file, the key column among them.
  package let fields: [Field]
  package let rowCount: Int
  /// What was noticed while reading, the cells that do not fit an override among it.
  package let issues: [IngestIssue]

  /// Reads `path`: `.jsonl` and `.ndjson` as JSON lines, everything else as delimited text.
  ///
  /// - Parameters:
  ///   - overrides: kinds by column name; a cell that does not fit becomes null and an issue.
  ///   - delimiter: as in `DelimitedText`.
  /// - Throws: `unreadable-file`, `invalid-value`, and `unknown-name` for an override of a
  ///   column that is not there.
  package init(
    path: String, overrides: [String: ValueKind] = [:], delimiter: Character? = nil
  ) throws {
    self.path = path
    fields = []
    rowCount = 0
    issues = []
  }

  /// One value a field; rows count from 0.
  package func values(ofRow row: Int) -> [Value] { [] }
}
