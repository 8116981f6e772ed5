package import ParallaxCore

extension Workspace {
  /// Notes that an item's bytes could not be embedded; a later vector takes the note away.
  package func recordFailure(
    of item: ItemRecord.RowID, hash: ContentHash, error: ParallaxError, in space: Space
  ) throws {
    try write { connection in
      try connection.run(
        """
        INSERT INTO failure (space, item, hash, code, message) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (space, item) DO UPDATE
          SET hash = excluded.hash, code = excluded.code, message = excluded.message
        """,
        [
          .integer(space.rowID), .integer(item.rawValue), .blob(hash.bytes),
          .text(error.code.name), .text(error.message),
        ])
    }
  }

  /// The failures that still hold: the item is there with the same bytes. By item id.
  package func failures(in space: Space) throws -> [EmbeddingFailure] {
    try read { connection in
      try connection.rows(
        "SELECT item.id, item.name, item.path, code, message \(Self.validFailures) ORDER BY item.name",
        [.integer(space.rowID)]
      ) {
        EmbeddingFailure(
          item: ItemRecord.RowID(rawValue: $0.integer(0)), id: ItemID($0.text(1)),
          path: $0.text(2), code: $0.text(3), message: $0.text(4))
      }
    }
  }

  static func failureCount(in space: Space, _ connection: borrowing Connection) throws -> Int {
    Int(try connection.integer("SELECT count(*) \(validFailures)", [.integer(space.rowID)]))
  }

  private static let validFailures = """
    FROM failure JOIN item ON item.id = failure.item AND item.hash = failure.hash WHERE space = ?
    """
}
