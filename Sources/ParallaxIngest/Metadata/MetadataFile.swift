package import ParallaxCore

/// How a table of metadata is to be read.
package struct MetadataOptions: Sendable, Hashable {
  /// Kinds by column; a cell that does not fit keeps its text and counts as empty in comparisons.
  package var kinds: [String: ValueKind]
  /// The same, for columns that need not be there.
  package var knownKinds: [String: ValueKind]
  /// Columns of which an image may have several values, one a row.
  package var lists: Set<String>
  /// As in `DelimitedText`.
  package var delimiter: Character?
  /// Names, in lower case, that no field may take.
  package var reserved: Set<String>

  package init(
    kinds: [String: ValueKind] = [:], knownKinds: [String: ValueKind] = [:],
    lists: Set<String> = [], delimiter: Character? = nil, reserved: Set<String> = []
  ) {
    self.kinds = kinds
    self.knownKinds = knownKinds
    self.lists = lists
    self.delimiter = delimiter
    self.reserved = reserved
  }
}

/// A CSV, TSV or JSON file of metadata with typed columns.
package struct MetadataFile: Sendable {
  /// Names tried in this order, without regard to case, when no key column is given.
  package static let usualKeys = ["filename", "file", "file_name", "path", "image", "id"]

  package let path: String
  /// In the order of the file, the key column among them.
  package let fields: [FieldDeclaration]
  /// What was noticed of the file's text.
  package var readingIssues: [IngestIssue] { records.issues }
  /// What was noticed of the kinds: cells that do not fit an option's, among it.
  package let typingIssues: [IngestIssue]
  let records: any MetadataRecords
  let options: MetadataOptions

  /// Reads `path`, a table in any of the formats of `TableFile`.
  ///
  /// - Throws: `unreadable-file`, `unsupported`, `invalid-value`, `cancelled`, and `unknown-name`
  ///   for an option about a column that is not there.
  package init(path: String, options: MetadataOptions = MetadataOptions()) throws {
    try self.init(
      TableFile.records(at: path, delimiter: options.delimiter), path: path, options: options)
  }

  /// Takes rows that were read already; `path` names them.
  ///
  /// - Throws: `unknown-name` for an option about a column that is not there.
  package init(_ records: any MetadataRecords, path: String, options: MetadataOptions) throws {
    for name in Set(options.kinds.keys).union(options.lists).sorted()
    where !records.columnNames.contains(name) {
      throw records.unknownColumn(name, in: path)
    }
    self.path = path
    self.options = options
    self.records = records
    var typing = ColumnTyping(records, path: path)
    fields = try records.columnNames.enumerated().map { column, name in
      let isList = options.lists.contains(name) || records.listColumns.contains(name)
      if let kind = options.kinds[name] ?? options.knownKinds[name] {
        try typing.check(column, fits: kind, isList: isList)
        return FieldDeclaration(name: name, kind: kind, isFixed: true, isList: isList)
      }
      return FieldDeclaration(
        name: name, kind: try typing.kind(of: column, isList: isList), isList: isList)
    }
    typingIssues = typing.log.issues
  }

  package var issues: [IngestIssue] { readingIssues + typingIssues }
  package var rowCount: Int { records.rowCount }

  /// One value a field, with its text; rows count from 0.
  package func values(ofRow row: Int) -> [Value] {
    fields.indices.map { value(row: row, column: $0) }
  }

  func value(row: Int, column: Int) -> Value {
    let field = fields[column]
    let kind = field.kind ?? .text
    switch records.cell(row: row, column: column) {
    case .empty: return .null
    case .untyped(let text): return Value(reading: text, as: kind) ?? .written(text, as: .null)
    case .typed(let value): return value.converted(to: kind)
    case .several(let values, let text):
      return field.isList ? .list(values.map { $0.converted(to: kind) }) : .text(text)
    }
  }
}
