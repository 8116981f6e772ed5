package import ParallaxCore
private import ParallaxText

/// An item as a row of metadata may name it.
package struct MetadataTarget: Sendable, Hashable {
  package var id: ItemID
  /// Absolute.
  package var path: String
  package var relativePath: String

  package init(id: ItemID, path: String, relativePath: String) {
    self.id = id
    self.path = path
    self.relativePath = relativePath
  }
}

/// The rows of a metadata file laid beside the items they describe, which `KeyMatcher` finds.
///
/// Of several rows for one item, as in a file of captions, the first counts, and the others are
/// reported in one issue; a column of several values takes its values from all of them.
package struct MetadataJoin: Sendable {
  /// A column under the name that its field has.
  package struct Field: Sendable, Hashable {
    package var name: String
    package var column: FieldDeclaration

    package init(name: String, column: FieldDeclaration) {
      self.name = name
      self.column = column
    }
  }

  /// All fields but the key, in the order of the file.
  package let fields: [Field]
  /// The rows of each item that has one: one, or more where a column takes several values.
  package let rows: [ItemID: [Int]]
  package let itemsWithoutRow: [ItemID]
  /// Rows whose key names no item.
  package let rowsWithoutItem: Int
  package let issues: [IngestIssue]
  /// The first key that names no item, and the first item's name; for messages.
  package let exampleOfKey: String
  package let exampleOfImage: String?

  private let file: MetadataFile
  private let columns: [Int]

  fileprivate init(
    _ joiner: RowJoiner, of file: MetadataFile, key: Int, leavingOut name: String?,
    items: [MetadataTarget]
  ) {
    self.file = file
    var joiner = joiner
    let columns = file.fields.indices.filter { $0 != key && file.fields[$0].name != name }
    self.columns = columns
    fields = joiner.names(of: columns, in: file)
    joiner.reportOtherValues(in: columns, of: file)
    rows = joiner.rows
    exampleOfKey = joiner.exampleOfKey
    exampleOfImage = items.first?.relativePath
    itemsWithoutRow = items.map(\.id).filter { joiner.rows[$0] == nil }
    rowsWithoutItem = joiner.rowsWithoutItem
    for id in itemsWithoutRow {
      joiner.log.add(
        IngestIssue(
          .imageWithoutRow, subject: id.rawValue,
          reason: "no row of '\(file.path)' describes the image"))
    }
    issues = joiner.log.issues + joiner.repetition.issues
  }

  /// The values of an item by field name, with null for each empty cell; empty when it has no row.
  package func values(for id: ItemID) -> [String: Value] {
    guard let rows = rows[id] else { return [:] }
    var values: [String: Value] = [:]
    for (field, column) in zip(fields, columns) {
      if field.column.isList {
        let elements = rows.map { file.value(row: $0, column: column) }.flatMap(\.elements)
        values[field.name] = elements.isEmpty ? .null : .list(elements)
      } else {
        values[field.name] = file.value(row: rows[0], column: column)
      }
    }
    return values
  }
}

extension MetadataFile {
  /// Joins the rows to `items` by the column named `key`, or by the first of `usualKeys`.
  ///
  /// - Parameter name: of a column that becomes no field: addresses of pictures, which may hold keys.
  /// - Throws: `unknown-name` when there is no such column; `cancelled`.
  package func joined(
    to items: [MetadataTarget], key: String? = nil, leavingOut name: String? = nil
  ) throws -> MetadataJoin {
    guard let column = try records.column(named: key, or: Self.usualKeys, in: path) else {
      throw ParallaxError(
        .unknownName,
        "'\(path)' has none of the usual key columns; it has \(records.quotedColumnNames)",
        hint: "--key names the column that holds the file names")
    }
    let matcher = KeyMatcher(
      items, tableFolder: FilePath.folderOfTable(path),
      idsFirst: fields[column].name.lowercased() == "id")
    var joiner = RowJoiner(matcher, path: path, takesSeveral: !options.lists.isEmpty)
    for row in 0..<rowCount {
      if row & 0xFFF == 0, Task.isCancelled {
        throw ParallaxError(.cancelled, "cancelled while reading '\(path)'")
      }
      joiner.add(
        row: row, key: records.cell(row: row, column: column).text,
        line: records.line(ofRow: row))
    }
    return MetadataJoin(joiner, of: self, key: column, leavingOut: name, items: items)
  }
}

/// Finds the item of each row, and says what does not fit.
private struct RowJoiner {
  private(set) var rows: [ItemID: [Int]] = [:]
  private(set) var rowsWithoutItem = 0
  private(set) var exampleOfKey = ""
  var log = IssueLog()
  private(set) var repetition = RepetitionLog(.duplicateKey)
  private var matcher: KeyMatcher
  private let path: String
  private let takesSeveral: Bool

  init(_ matcher: KeyMatcher, path: String, takesSeveral: Bool) {
    self.matcher = matcher
    self.path = path
    self.takesSeveral = takesSeveral
  }

  /// A key as messages show it: an address without what may be a key of another kind.
  private static func shown(_ key: String) -> String {
    (try? WebAddress(key))?.shown.shortened ?? key.shortened
  }

  mutating func add(row: Int, key: String?, line: Int) {
    guard let key else {
      rowsWithoutItem += 1
      return report(.emptyKey, line, "the key is empty; the row is left out")
    }
    switch matcher.match(key) {
    case .one(let item, let isNear):
      if isNear {
        report(
          .nearKey, line, "'\(Self.shown(key))' was matched to '\(item.relativePath)'",
          severity: .note)
      }
      assign(row, to: item.id, key, line)
    case .none:
      if exampleOfKey.isEmpty { exampleOfKey = Self.shown(key) }
      rowsWithoutItem += 1
      report(.rowWithoutImage, line, "no image is named '\(Self.shown(key))'")
    case .several(let first, let second):
      rowsWithoutItem += 1
      report(
        .ambiguousKey, line,
        "'\(Self.shown(key))' names several images, '\(first)' and '\(second)'; "
          + "write paths relative to the folder", severity: .error)
    }
  }

  private mutating func assign(_ row: Int, to id: ItemID, _ key: String, _ line: Int) {
    guard rows[id] != nil, !takesSeveral else {
      rows[id, default: []].append(row)
      return
    }
    repetition.add(
      subject: path, line: line, one: "'\(Self.shown(key))' has a row already",
      several: "rows describe an image that has a row already")
  }

  /// Where rows come together, the columns that take one value lose those of the further rows.
  mutating func reportOtherValues(in columns: [Int], of file: MetadataFile) {
    guard takesSeveral else { return }
    for column in columns where !file.fields[column].isList {
      let name = file.fields[column].name
      var issue: IngestIssue?
      for rows in rows.values where rows.count > 1 {
        let first = file.records.cell(row: rows[0], column: column).text
        for row in rows.dropFirst() {
          guard let text = file.records.cell(row: row, column: column).text, text != first else {
            continue
          }
          issue = IngestIssue(
            .otherValue, subject: path,
            reason: "the row differs in '\(name)' from the first row of its image, which counts "
              + "(--multi \(name) keeps all)",
            line: min(issue?.line ?? .max, file.records.line(ofRow: row)),
            count: (issue?.count ?? 0) + 1)
        }
      }
      issue.map { log.add($0) }
    }
  }

  /// Names of fields that neither hide nor double those that every item or result has.
  mutating func names(of columns: [Int], in file: MetadataFile) -> [MetadataJoin.Field] {
    let isReserved = { (name: String) in
      file.options.reserved.contains(name.lowercased())
        || file.options.reserved.contains { $0.hasSuffix(".") && name.lowercased().hasPrefix($0) }
    }
    var used = Set(columns.map { file.fields[$0].name })
    return columns.map { column in
      let field = file.fields[column]
      guard isReserved(field.name) else {
        return MetadataJoin.Field(name: field.name, column: field)
      }
      let wanted = "meta_\(field.name)"
      var name = wanted
      var number = 1
      while !used.insert(name).inserted {
        number += 1
        name = "\(wanted)_\(number)"
      }
      log.add(
        IngestIssue(
          .reservedColumn, subject: path,
          reason: "column '\(field.name)' is kept as '\(name)', "
            + "for '\(field.name.lowercased())' is a built-in name", line: 1))
      return MetadataJoin.Field(name: name, column: field)
    }
  }

  private mutating func report(
    _ code: IngestIssue.Code, _ line: Int, _ reason: String,
    severity: IngestIssue.Severity = .warning
  ) {
    log.add(IngestIssue(code, severity, subject: path, reason: reason, line: line))
  }
}

extension Value {
  /// The values of a list, or the value itself; nothing of null.
  fileprivate var elements: [Value] {
    switch self {
    case .null: []
    case .list(let values): values
    default: [self]
    }
  }
}
