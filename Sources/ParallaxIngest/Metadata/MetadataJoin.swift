package import ParallaxCore

/// An item as a row of metadata may name it.
package struct MetadataTarget: Sendable, Hashable {
  package var id: ItemID
  package var relativePath: String

  package init(id: ItemID, relativePath: String) {
    self.id = id
    self.relativePath = relativePath
  }
}

/// The rows of a metadata file laid beside the items they describe.
///
/// A key is compared with the items' file names, then with file names without their ending, then
/// with relative paths (a leading `./` does not count, `\` separates as `/` does), then with ids;
/// in a column named `id`, ids come first. The first of these that names exactly one item decides.
/// A key that names several is reported and joined to none. Of several rows for one item, as in a
/// file of captions, the first counts, and the others are reported in one issue.
package struct MetadataJoin: Sendable {
  /// All fields but the key, in the order of the file.
  package let fields: [MetadataFile.Field]
  /// The row of each item that has one.
  package let rows: [ItemID: Int]
  package let itemsWithoutRow: [ItemID]
  package let rowsWithoutItem: Int
  package let issues: [IngestIssue]

  private let file: MetadataFile
  private let columns: [Int]

  fileprivate init(_ joiner: Joiner, of file: MetadataFile, key: Int, items: [MetadataTarget]) {
    self.file = file
    columns = file.fields.indices.filter { $0 != key }
    fields = columns.map { file.fields[$0] }
    rows = joiner.rows
    itemsWithoutRow = items.map(\.id).filter { joiner.rows[$0] == nil }
    rowsWithoutItem = joiner.rowsWithoutItem
    var log = joiner.log
    for id in itemsWithoutRow {
      log.add(
        IngestIssue(
          .imageWithoutRow, subject: id.rawValue,
          reason: "no row of '\(file.path)' describes the image"))
    }
    issues = log.issues + joiner.repetition.issues
  }

  /// The values of an item by field name, with null for each empty cell; empty when it has no row.
  package func values(for id: ItemID) -> [String: Value] {
    guard let row = rows[id] else { return [:] }
    var values: [String: Value] = [:]
    for column in columns {
      values[file.fields[column].name] = file.value(row: row, column: column)
    }
    return values
  }
}

extension MetadataFile {
  /// Joins the rows to `items` by the column named `key`, or by the first of `usualKeys`.
  ///
  /// - Throws: `unknown-name` when there is no such column.
  package func joined(to items: [MetadataTarget], key: String? = nil) throws -> MetadataJoin {
    guard let column = try records.column(named: key, or: Self.usualKeys, in: path) else {
      throw ParallaxError(
        .unknownName,
        "'\(path)' has none of the usual key columns; it has \(records.quotedColumnNames)",
        hint: "name the column that holds the file names")
    }
    var joiner = Joiner(items: items, idsFirst: fields[column].name.lowercased() == "id")
    for row in 0..<rowCount {
      joiner.add(
        row: row, key: records.cell(row: row, column: column).text, of: path,
        line: records.line(ofRow: row))
    }
    return MetadataJoin(joiner, of: self, key: column, items: items)
  }
}

/// Finds the item of each row.
private struct Joiner {
  private(set) var rows: [ItemID: Int] = [:]
  private(set) var rowsWithoutItem = 0
  private(set) var log = IssueLog()
  private(set) var repetition = RepetitionLog(.duplicateKey)

  /// In the order in which they are tried, each built when it is first needed.
  private var rules: [KeyIndex]

  init(items: [MetadataTarget], idsFirst: Bool) {
    let ids = KeyIndex(items) { $0.id.rawValue }
    let paths = [
      KeyIndex(items) { String(FilePath.name(of: $0.relativePath)) },
      KeyIndex(items) {
        String(FilePath.withoutEnding(String(FilePath.name(of: $0.relativePath))))
      },
      KeyIndex(items, tidiesKeys: true) { FilePath.tidied($0.relativePath) },
    ]
    rules = idsFirst ? [ids] + paths : paths + [ids]
  }

  mutating func add(row: Int, key: String?, of path: String, line: Int) {
    guard let key else {
      rowsWithoutItem += 1
      return report(.emptyKey, path, line, "the key is empty; the row is left out")
    }
    var namesSeveral = false
    for rule in rules.indices {
      switch rules[rule].match(key) {
      case .none: continue
      case .several: namesSeveral = true
      case .one(let id): return assign(row, to: id, key, path, line)
      }
    }
    rowsWithoutItem += 1
    if namesSeveral {
      report(
        .ambiguousKey, path, line,
        "'\(key)' names several images; write paths relative to the folder", severity: .error)
    } else {
      report(.rowWithoutImage, path, line, "no image is named '\(key)'")
    }
  }

  private mutating func assign(
    _ row: Int, to id: ItemID, _ key: String, _ path: String, _ line: Int
  ) {
    guard rows[id] != nil else {
      rows[id] = row
      return
    }
    repetition.add(
      subject: path, line: line, one: "'\(key)' has a row already",
      several: "rows describe an image that has a row already")
  }

  private mutating func report(
    _ code: IngestIssue.Code, _ path: String, _ line: Int, _ reason: String,
    severity: IngestIssue.Severity = .warning
  ) {
    log.add(IngestIssue(code, severity, subject: path, reason: reason, line: line))
  }
}

/// The items by one of their names.
private struct KeyIndex {
  enum Match { case none, one(ItemID), several }

  private let items: [MetadataTarget]
  private let tidiesKeys: Bool
  private let name: (MetadataTarget) -> String
  /// Positions of items; `severalItems` where they share the name.
  private var positions: [String: Int]?
  private static let severalItems = -1

  init(
    _ items: [MetadataTarget], tidiesKeys: Bool = false,
    by name: @escaping (MetadataTarget) -> String
  ) {
    self.items = items
    self.tidiesKeys = tidiesKeys
    self.name = name
  }

  mutating func match(_ key: String) -> Match {
    let key = tidiesKeys ? FilePath.tidied(key.replacing("\\", with: "/")) : key
    let positions = positions ?? build()
    self.positions = positions
    guard let position = positions[key] else { return .none }
    return position == Self.severalItems ? .several : .one(items[position].id)
  }

  private func build() -> [String: Int] {
    var positions: [String: Int] = [:]
    positions.reserveCapacity(items.count)
    for (position, item) in items.enumerated() {
      if positions.updateValue(position, forKey: name(item)) != nil {
        positions[name(item)] = Self.severalItems
      }
    }
    return positions
  }
}
