/// Texts to complete with: some of many, and what is known of the rest.
package struct SomeTexts: Sendable, Hashable {
  /// In order, each once.
  package var texts: [String]
  /// Whether there may be others.
  package var isPartial: Bool

  package static let none = SomeTexts(texts: [], isPartial: false)

  package init(texts: [String], isPartial: Bool) {
    self.texts = texts
    self.isPartial = isPartial
  }
}

/// What Tab asks: none of it takes longer in a larger collection.
extension Workspace {
  /// Values looked at for one answer.
  private static let sample = 5_000
  /// Texts of one answer.
  private static let most = 200

  /// The names of every collection and, in full (`photos@base`), of every space.
  package func names() throws -> (collections: [String], spaces: [String]) {
    try read { connection in
      (
        try connection.rows("SELECT name FROM collection ORDER BY name") { $0.text(0) },
        try connection.rows(
          """
          SELECT collection.name || '@' || space.name FROM space
          JOIN collection ON collection.id = space.collection ORDER BY 1
          """
        ) { $0.text(0) }
      )
    }
  }

  /// The ids of items that begin with `prefix`, the first of many.
  package func itemNames(
    startingWith prefix: String, in collection: ItemCollection
  ) throws -> SomeTexts {
    try read { connection in
      let found = try connection.rows(
        """
        SELECT name FROM item
        WHERE collection = ?1 AND name >= ?2 AND name < ?2 || char(1114111)
        ORDER BY name LIMIT ?3
        """, [.integer(collection.rowID), .text(prefix), SQLValue(Self.most + 1)]
      ) { $0.text(0) }
      return Self.first(found)
    }
  }

  /// Different values of a field, metadata or built in, that begin with `prefix` as texts.
  ///
  /// - Returns: nothing for a field that is not there.
  package func values(
    ofField name: String, startingWith prefix: String, in collection: ItemCollection
  ) throws -> SomeTexts {
    try read { connection in
      let catalog = try FieldCatalog(collection, connection)
      let values: (sql: String, bindings: [SQLValue])
      if let field = catalog.metadata.first(where: { $0.name == name }) {
        values = ("SELECT value FROM metadata WHERE field = ?1", [.integer(field.rowID)])
      } else if let field = catalog.resolve(name), field.bindings.isEmpty {
        values = (
          "SELECT \(field.sql) AS value FROM item AS i WHERE collection = ?1",
          [.integer(collection.rowID)]
        )
      } else {
        return .none
      }
      let sampled = "\(values.sql) LIMIT \(Self.sample + 1)"
      let size = try connection.integer("SELECT count(*) FROM (\(sampled))", values.bindings)
      let found = try connection.rows(
        """
        SELECT DISTINCT CAST(value AS TEXT) FROM (\(sampled)) WHERE value IS NOT NULL
          AND substr(CAST(value AS TEXT), 1, length(?2)) = ?2 ORDER BY value LIMIT ?3
        """, values.bindings + [.text(prefix), SQLValue(Self.most + 1)]
      ) { $0.text(0) }
      var some = Self.first(found)
      if size > Self.sample { some.isPartial = true }
      return some
    }
  }

  private static func first(_ found: [String]) -> SomeTexts {
    SomeTexts(texts: Array(found.prefix(most)), isPartial: found.count > most)
  }
}
