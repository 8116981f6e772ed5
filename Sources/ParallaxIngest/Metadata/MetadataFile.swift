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
  /// What was noticed while reading, the cells that do not fit an override among it.
  package let issues: [IngestIssue]
  let records: any MetadataRecords

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
    let records = try metadataRecords(at: path, delimiter: delimiter)
    for name in overrides.keys.sorted() where !records.columnNames.contains(name) {
      throw records.unknownColumn(name, in: path)
    }
    var fields: [Field] = []
    var log = IssueLog()
    for (column, name) in records.columnNames.enumerated() {
      let cells = (0..<records.rowCount).lazy.map { records.cell(row: $0, column: column) }
      guard let kind = overrides[name] else {
        fields.append(Field(name: name, kind: MetadataTyping.kind(of: cells)))
        continue
      }
      fields.append(Field(name: name, kind: kind))
      for (row, cell) in cells.enumerated()
      where MetadataTyping.value(cell, as: kind) == nil {
        log.add(Self.misfit(cell, in: name, kind, path, line: records.line(ofRow: row)))
      }
    }
    self.path = path
    self.fields = fields
    self.records = records
    issues = records.issues + log.issues
  }

  package var rowCount: Int { records.rowCount }

  /// One value a field; rows count from 0.
  package func values(ofRow row: Int) -> [Value] {
    fields.indices.map { value(row: row, column: $0) }
  }

  func value(row: Int, column: Int) -> Value {
    MetadataTyping.value(records.cell(row: row, column: column), as: fields[column].kind) ?? .null
  }

  private static func misfit(
    _ cell: RawCell, in column: String, _ kind: ValueKind, _ path: String, line: Int
  ) -> IngestIssue {
    let rule =
      switch kind {
      case .integer: "a whole number"
      case .real: "a number"
      case .boolean: "true or false"
      case .date: "a date such as 2024-05-31"
      case .text: "a text"
      }
    return IngestIssue(
      .valueKind, .error, subject: path,
      reason: "'\(column)' takes \(rule); got '\((cell.text ?? "").shortened)'", line: line)
  }
}

extension String {
  /// At most 40 characters, for messages.
  fileprivate var shortened: String { count > 40 ? prefix(39) + "…" : self }
}
