package import ParallaxCore
private import ParallaxSystem

extension Workspace {
  /// - Throws: `already-exists`, `invalid-value` for a name that cannot be typed bare.
  package func createCollection(
    named name: String, description: String? = nil
  ) throws -> ItemCollection {
    try ObjectName.check(name, kind: "collection")
    return try write { connection in
      let taken = try connection.integer(
        "SELECT count(*) FROM collection WHERE name = ?", [.text(name)])
      guard taken == 0 else {
        throw ParallaxError.collectionExists(name)
      }
      let created = Clock.now()
      try connection.run(
        "INSERT INTO collection (name, description, created) VALUES (?, ?, ?)",
        [.text(name), SQLValue(description), .text(created)])
      return ItemCollection(
        rowID: connection.lastInsertedRowID, name: name, description: description,
        created: created)
    }
  }

  /// Removes a collection with its items, metadata and spaces.
  ///
  /// - Throws: `unknown-name` with a near name.
  package func dropCollection(named name: String) throws {
    try write { connection in
      let collection = try Self.collection(named: name, connection)
      try connection.run("DELETE FROM collection WHERE id = ?", [.integer(collection.rowID)])
    }
    try releaseFreePages()
  }

  /// Every collection, by name.
  package func collections() throws -> [ItemCollection] {
    try read { try Self.collections($0) }
  }

  /// What `list collections` shows of every collection, by name.
  package func collectionSummaries() throws -> [CollectionSummary] {
    try read { connection in
      try Self.collections(connection).map { try Self.summary(of: $0, connection) }
    }
  }

  /// What `list collections` shows of a collection.
  package func summary(of collection: ItemCollection) throws -> CollectionSummary {
    try read { try Self.summary(of: collection, $0) }
  }

  private static func summary(
    of collection: ItemCollection, _ connection: borrowing Connection
  ) throws -> CollectionSummary {
    let key = SQLValue.integer(collection.rowID)
    return CollectionSummary(
      collection: collection,
      itemCount: Int(
        try connection.integer("SELECT count(*) FROM item WHERE collection = ?", [key])),
      spaces: try spaces(in: collection, connection),
      bytes: try connection.integer(
        """
        SELECT sum(length(vectors)) FROM chunk JOIN space ON space.id = chunk.space
        WHERE collection = ?
        """, [key]))
  }

  static func collections(_ connection: borrowing Connection) throws -> [ItemCollection] {
    try connection.rows("SELECT id, name, description, created FROM collection ORDER BY name") {
      ItemCollection($0)
    }
  }

  /// - Throws: `unknown-name` with a near name.
  package func collection(named name: String) throws -> ItemCollection {
    try read { try Self.collection(named: name, $0) }
  }

  static func collection(
    named name: String, _ connection: borrowing Connection
  ) throws -> ItemCollection {
    let found = try connection.first(
      "SELECT id, name, description, created FROM collection WHERE name = ?", [.text(name)]
    ) { ItemCollection($0) }
    if let found { return found }
    let names = try connection.rows("SELECT name FROM collection ORDER BY name") { $0.text(0) }
    throw ParallaxError(
      .unknownName, "there is no collection '\(name)'",
      hint: Suggestion.hint(for: name, among: names)
        ?? (names.isEmpty ? "make one with 'create collection \(name)'" : nil))
  }
}

extension ItemCollection {
  /// From a row of id, name, description and time of creation.
  init(_ row: borrowing Statement) {
    self.init(
      rowID: row.integer(0), name: row.text(1), description: row.optionalText(2),
      created: row.text(3))
  }
}

extension ParallaxError {
  package static func collectionExists(_ name: String) -> ParallaxError {
    ParallaxError(
      .alreadyExists, "there is a collection '\(name)' already",
      hint: "choose another name, or drop it first")
  }
}
