import ParallaxCore

/// A CSV or TSV file after RFC 4180, read as Python's `csv` module does where the RFC is silent.
///
/// The first row is the header. Lines end with LF, CRLF or CR; blank lines are skipped. UTF-8
/// and UTF-16 byte order marks are understood; what is not UTF-8 is read as Windows-1252 and
/// reported. A short row is filled with empty cells, a long one cut, both reported.
package struct DelimitedText: MetadataRecords {
  package let columnNames: [String]
  package let rowCount: Int
  package let issues: [IngestIssue]

  /// - Parameter delimiter: an ASCII character; by default a tab for `.tsv` and `.tab`, else a
  ///   comma, unless the header holds no comma but a semicolon or a tab, which is reported.
  /// - Throws: `unreadable-file`, and `invalid-value` when there is no header or the file is
  ///   larger than 2 GiB.
  package init(contentsOf path: String, delimiter: Character? = nil) throws {
    columnNames = []
    rowCount = 0
    issues = []
  }

  /// Reads `bytes`; `source` names them in issues and errors.
  package init(_ bytes: [UInt8], source: String, delimiter: Character? = nil) throws {
    columnNames = []
    rowCount = 0
    issues = []
  }

  /// The text of a cell, quotes removed; empty where the row is short.
  package func text(row: Int, column: Int) -> String { "" }

  package func cell(row: Int, column: Int) -> RawCell { .empty }

  package func line(ofRow row: Int) -> Int { 0 }
}
