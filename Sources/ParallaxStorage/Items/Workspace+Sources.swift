internal import ParallaxCore

extension Workspace {
  /// The sources of a collection, in the order in which `sync` reads them.
  package func sources(of collection: ItemCollection) throws -> [ItemSource] {
    try read { connection in
      try StoredSource.all(of: collection, connection).map(\.source)
    }
  }

  /// Adds a source behind the others, or at the place of those that it makes needless.
  package func addSource(
    _ source: ItemSource, to collection: ItemCollection, inPlaceOf replaced: [ItemSource] = []
  ) throws {
    try write { connection in
      let stored = try StoredSource.all(of: collection, connection)
      let gone = stored.filter { replaced.contains($0.source) || $0.source == source }
      for source in gone { try source.remove(connection) }
      let position = gone.first?.position ?? (stored.last?.position ?? 0) + 1
      try StoredSource.insert(source, of: collection, at: position, connection)
    }
  }

  /// Removes sources; missing ones are ignored. Items stay.
  package func removeSources(_ sources: [ItemSource], of collection: ItemCollection) throws {
    guard !sources.isEmpty else { return }
    try write { connection in
      for stored in try StoredSource.all(of: collection, connection)
      where sources.contains(stored.source) {
        try stored.remove(connection)
      }
    }
  }
}

/// A row of `source` with its rows of `source_field`.
struct StoredSource {
  private let rowID: Int64
  let position: Int64
  let source: ItemSource

  static func all(
    of collection: ItemCollection, _ connection: borrowing Connection
  ) throws -> [StoredSource] {
    try connection.rows(
      """
      SELECT id, position, kind, path, glob, follow, metadata, key, path_column, id_column,
        text_column, delimiter
      FROM source WHERE collection = ? ORDER BY position, id
      """, [.integer(collection.rowID)]
    ) { row in
      guard let kind = ItemSource.Kind(rawValue: row.text(2)) else {
        throw ParallaxError(
          .damagedData, "a source of '\(collection.name)' is damaged: its kind is '\(row.text(2))'",
          hint: "'workspace check' lists all of the damage; restore the workspace from a copy")
      }
      var source = ItemSource(
        kind, path: row.text(3), glob: row.optionalText(4), followsLinks: row.integer(5) != 0,
        metadata: row.optionalText(6), key: row.optionalText(7), pathColumn: row.optionalText(8),
        idColumn: row.optionalText(9), textColumn: row.optionalText(10),
        delimiter: row.optionalText(11))
      source.origin =
        try connection.first(
          "SELECT origin FROM source_origin WHERE source = ?", [.integer(row.integer(0))]
        ) { ItemSource.Origin(rawValue: $0.text(0)) } ?? nil
      let fields = try connection.rows(
        "SELECT name, kind, list FROM source_field WHERE source = ?", [.integer(row.integer(0))]
      ) { (name: $0.text(0), kind: $0.optionalText(1), isList: $0.integer(2) != 0) }
      for field in fields {
        source.kinds[field.name] = field.kind.flatMap(ValueKind.init(rawValue:))
        if field.isList { source.lists.insert(field.name) }
      }
      return StoredSource(rowID: row.integer(0), position: row.integer(1), source: source)
    }
  }

  func remove(_ connection: borrowing Connection) throws {
    try connection.run("DELETE FROM source WHERE id = ?", [.integer(rowID)])
  }

  static func insert(
    _ source: ItemSource, of collection: ItemCollection, at position: Int64,
    _ connection: borrowing Connection
  ) throws {
    try connection.run(
      """
      INSERT INTO source (collection, position, kind, path, glob, follow, metadata, key,
        path_column, id_column, text_column, delimiter)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .integer(collection.rowID), .integer(position), .text(source.kind.rawValue),
        .text(source.path), SQLValue(source.glob), .integer(source.followsLinks ? 1 : 0),
        SQLValue(source.metadata), SQLValue(source.key), SQLValue(source.pathColumn),
        SQLValue(source.idColumn), SQLValue(source.textColumn), SQLValue(source.delimiter),
      ])
    let row = connection.lastInsertedRowID
    if let origin = source.origin {
      try connection.run(
        "INSERT INTO source_origin (source, origin) VALUES (?, ?)",
        [.integer(row), .text(origin.rawValue)])
    }
    for name in source.lists.union(source.kinds.keys).sorted() {
      try connection.run(
        "INSERT INTO source_field (source, name, kind, list) VALUES (?, ?, ?, ?)",
        [
          .integer(row), .text(name), SQLValue(source.kinds[name]?.rawValue),
          .integer(source.lists.contains(name) ? 1 : 0),
        ])
    }
  }
}
