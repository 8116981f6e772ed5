package import ParallaxCore
private import ParallaxSystem

extension Workspace {
  /// - Throws: `already-exists`, `invalid-value` for a name that cannot be typed bare.
  package func createCollection(
    named name: String, description: String? = nil
  ) throws -> ItemCollection {
    try Names.check(name, kind: "collection")
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
  package func collections() throws -> [CollectionSummary] {
    try read { connection in
      try connection.rows("SELECT id, name, description, created FROM collection ORDER BY name") {
        let key = SQLValue.integer($0.integer(0))
        return CollectionSummary(
          name: $0.text(1), description: $0.optionalText(2),
          itemCount: Int(
            try connection.integer("SELECT count(*) FROM item WHERE collection = ?", [key])),
          spaces: try connection.rows(
            "SELECT name FROM space WHERE collection = ? ORDER BY name", [key]
          ) { $0.text(0) },
          created: $0.text(3),
          bytes: try connection.integer(
            """
            SELECT sum(length(vectors)) FROM chunk JOIN space ON space.id = chunk.space
            WHERE collection = ?
            """, [key]))
      }
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
    ) {
      ItemCollection(
        rowID: $0.integer(0), name: $0.text(1), description: $0.optionalText(2),
        created: $0.text(3))
    }
    if let found { return found }
    let names = try connection.rows("SELECT name FROM collection ORDER BY name") { $0.text(0) }
    throw ParallaxError(
      .unknownName, "there is no collection '\(name)'",
      hint: Suggestion.hint(for: name, among: names)
        ?? (names.isEmpty ? "make one with 'create collection \(name)'" : nil))
  }
}

extension ParallaxError {
  package static func collectionExists(_ name: String) -> ParallaxError {
    ParallaxError(
      .alreadyExists, "there is a collection '\(name)' already",
      hint: "choose another name, or drop it first")
  }
}
