internal import ParallaxCore

/// Applies changes to the items of one collection inside a transaction.
struct ItemWriter: ~Copyable {
  private let collection: ItemCollection
  private let key: SQLValue
  private let find: Statement
  private let insert: Statement
  private let update: Statement
  private let rename: Statement
  private let setText: Statement
  private let remove: Statement
  var metadata: MetadataWriter
  private var counts = ChangeCounts()

  /// Prepares into locals first: a throwing initialiser cannot leave `self` half made.
  init(_ collection: ItemCollection, _ connection: borrowing Connection) throws {
    self.collection = collection
    key = .integer(collection.rowID)
    let find = try connection.prepare("SELECT id FROM item WHERE collection = ? AND name = ?")
    let insert = try connection.prepare(
      """
      INSERT INTO item
        (collection, name, text, path, hash, size, modified, changed, width, height, format)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
      """)
    let update = try connection.prepare(
      """
      UPDATE item SET path = ?, hash = ?, size = ?, modified = ?, changed = ?, width = ?,
        height = ?, format = ?
      WHERE id = ?
      """)
    let rename = try connection.prepare("UPDATE item SET name = ?, path = ? WHERE id = ?")
    let setText = try connection.prepare("UPDATE item SET text = ? WHERE id = ?")
    let remove = try connection.prepare("DELETE FROM item WHERE id = ?")
    let metadata = try MetadataWriter(collection, connection)

    self.find = find
    self.insert = insert
    self.update = update
    self.rename = rename
    self.setText = setText
    self.remove = remove
    self.metadata = metadata
  }

  /// Steps that free names come before those that take them.
  mutating func apply(_ changes: [ItemChange]) throws -> ChangeCounts {
    for case .remove(let id) in changes {
      try remove.run([try existing(id)])
      counts.removed += 1
    }
    for case .update(let id, let file) in changes {
      try update.run(Self.bindings(file) + [try existing(id)])
      counts.updated += 1
    }
    try renameItems(changes)
    for case .insert(let item) in changes { try insert(item) }
    for change in changes { try annotate(change) }
    return counts
  }

  private mutating func renameItems(_ changes: [ItemChange]) throws {
    var moves: [(item: SQLValue, to: ItemID, path: String)] = []
    for case .rename(let from, let to, let path) in changes {
      moves.append((try existing(from), to, path))
    }
    // A name no item can have, so that names may be exchanged.
    for (index, move) in moves.enumerated() {
      try rename.run([.text("\0\(index)"), .text(move.path), move.item])
    }
    for move in moves {
      try claim(move.to)
      try rename.run([.text(move.to.rawValue), .text(move.path), move.item])
    }
    counts.renamed += moves.count
  }

  private mutating func insert(_ item: NewItem) throws {
    try claim(item.id)
    try insert.bind([key, .text(item.id.rawValue), SQLValue(item.text)] + Self.bindings(item.file))
    guard try insert.step() else {
      throw ParallaxError(.internalError, "the new item '\(item.id)' got no key")
    }
    let row = insert.integer(0)
    while try insert.step() {}
    try metadata.set(item.metadata, of: row)
    counts.inserted += 1
  }

  private mutating func annotate(_ change: ItemChange) throws {
    switch change {
    case .setMetadata(let id, let values):
      guard case .integer(let row) = try existing(id) else { return }
      try metadata.set(values, of: row)
    case .setText(let id, let text):
      try setText.run([SQLValue(text), try existing(id)])
    case .insert, .update, .rename, .remove:
      return
    }
    counts.annotated += 1
  }

  private func rowID(of id: ItemID) throws -> Int64? {
    try find.bind([key, .text(id.rawValue)])
    let row = try find.step() ? find.integer(0) : nil
    try find.bind([])
    return row
  }

  private func existing(_ id: ItemID) throws -> SQLValue {
    guard let row = try rowID(of: id) else {
      throw ParallaxError(.unknownName, "there is no item '\(id)' in '\(collection.name)'")
    }
    return .integer(row)
  }

  private func claim(_ id: ItemID) throws {
    guard !id.rawValue.isEmpty, !id.rawValue.utf8.contains(0) else {
      throw ParallaxError(
        .invalidValue, "an item id is a text of at least one character, without NUL")
    }
    guard try rowID(of: id) == nil else {
      throw ParallaxError(
        .alreadyExists, "there is an item '\(id)' in '\(collection.name)' already",
        hint: "item ids are unique within a collection")
    }
  }

  private static func bindings(_ file: FileState) -> [SQLValue] {
    [
      .text(file.path), .blob(file.hash.bytes), .integer(file.size), .integer(file.modified),
      file.changed.map(SQLValue.integer) ?? .null, SQLValue(file.width), SQLValue(file.height),
      SQLValue(file.format),
    ]
  }
}
