package import ParallaxCore

extension Workspace {
  /// Every item, in ascending order of id bytes.
  package func items(in collection: ItemCollection) throws -> [ItemRecord] {
    try read { connection in
      try connection.rows(
        "SELECT \(ItemRecord.columns) FROM item WHERE collection = ? ORDER BY name",
        [.integer(collection.rowID)], ItemRecord.init)
    }
  }

  package func item(_ id: ItemID, in collection: ItemCollection) throws -> ItemRecord? {
    try read { connection in
      try connection.first(
        "SELECT \(ItemRecord.columns) FROM item WHERE collection = ? AND name = ?",
        [.integer(collection.rowID), .text(id.rawValue)], ItemRecord.init)
    }
  }

  /// Some items by id; ids there are not are left out.
  package func items(
    named ids: some Sequence<ItemID> & Sendable, in collection: ItemCollection
  ) throws -> [ItemID: ItemRecord] {
    try read { connection in
      let statement = try connection.prepare(
        "SELECT \(ItemRecord.columns) FROM item WHERE collection = ? AND name = ?")
      var items: [ItemID: ItemRecord] = [:]
      for id in ids where items[id] == nil {
        try statement.bind([.integer(collection.rowID), .text(id.rawValue)])
        if try statement.step() { items[id] = try ItemRecord(statement) }
      }
      return items
    }
  }

  /// The keys of some items, one an id; `nil` where there is no such item.
  package func rowIDs(
    of ids: [ItemID], in collection: ItemCollection
  ) throws -> [ItemRecord.RowID?] {
    try read { connection in
      let statement = try connection.prepare(
        "SELECT id FROM item WHERE name = ?2 AND collection = ?1")
      var keys = [ItemRecord.RowID?](repeating: nil, count: ids.count)
      // In the order of the index, so that a page is read once.
      for place in ids.indices.sorted(by: { ids[$0] < ids[$1] }) {
        try statement.bind([.integer(collection.rowID), .text(ids[place].rawValue)])
        if try statement.step() { keys[place] = ItemRecord.RowID(rawValue: statement.integer(0)) }
      }
      return keys
    }
  }

  /// The items whose files have one of some contents, by content; ids ascending.
  package func items(
    withContent hashes: Set<ContentHash>, in collection: ItemCollection
  ) throws -> [ContentHash: [ItemID]] {
    guard !hashes.isEmpty else { return [:] }
    return try read { connection in
      let rows = try connection.prepare(
        "SELECT hash, name FROM item WHERE collection = ? ORDER BY name")
      try rows.bind([.integer(collection.rowID)])
      var items: [ContentHash: [ItemID]] = [:]
      while try rows.step() {
        let hash = try rows.contentHash(0)
        if hashes.contains(hash) { items[hash, default: []].append(ItemID(rows.text(1))) }
      }
      return items
    }
  }

  /// Whether some item has a text.
  package func hasTexts(in collection: ItemCollection) throws -> Bool {
    try read { connection in
      try connection.integer(
        "SELECT EXISTS (SELECT 1 FROM item WHERE collection = ? AND text IS NOT NULL)",
        [.integer(collection.rowID)]) == 1
    }
  }

  /// Makes all the changes in one transaction, or none.
  ///
  /// The changes count as simultaneous: removals, updates and the old names of renames speak of
  /// the items before, everything else of the items after, so two items may exchange names.
  ///
  /// - Throws: `unknown-name`, `already-exists`, `invalid-value` with the item's id.
  @discardableResult
  package func apply(
    _ changes: [ItemChange], to collection: ItemCollection
  ) throws -> ChangeCounts {
    try write { connection in
      var writer = try ItemWriter(collection, connection)
      return try writer.apply(changes)
    }
  }
}

extension Workspace {
  /// Makes metadata fields where they are missing, in this order, and gives the others a kind that
  /// holds values of the kinds declared. No text changes.
  ///
  /// - Returns: how many of the values there are do not fit a kind that is fixed now.
  @discardableResult
  package func declare(
    _ fields: [FieldDeclaration], in collection: ItemCollection
  ) throws -> [String: Int] {
    try write { connection in
      var writer = try MetadataWriter(collection, connection)
      return try writer.declare(fields)
    }
  }

  /// Gives fields of texts the kind that all their texts have by now.
  package func settle(_ fields: [String], in collection: ItemCollection) throws {
    guard !fields.isEmpty else { return }
    try write { connection in
      var writer = try MetadataWriter(collection, connection)
      try writer.settle(fields)
    }
  }
}

extension ItemRecord {
  static let columns =
    "id, name, path, hash, size, modified, width, height, format, text, changed"

  init(_ row: borrowing Statement) throws {
    self.init(
      rowID: RowID(rawValue: row.integer(0)), id: ItemID(row.text(1)), path: row.text(2),
      hash: try row.contentHash(3), size: row.integer(4), modified: row.integer(5),
      width: row.optionalInteger(6), height: row.optionalInteger(7),
      format: row.optionalText(8), text: row.optionalText(9),
      changed: row.isNull(10) ? nil : row.integer(10))
  }
}

extension Statement {
  /// - Throws: `damaged-data` unless the column holds 32 bytes.
  func contentHash(_ column: Int32) throws -> ContentHash {
    guard let hash = ContentHash(bytes: blob(column)) else {
      throw ParallaxError(
        .damagedData, "an item's hash has not 32 bytes", hint: "restore the workspace from a copy")
    }
    return hash
  }
}
