private import ParallaxSystem

/// When a space became the one that is meant by its collection's name.
package struct Promotion: Sendable, Hashable {
  package let space: Space
  /// ISO 8601, UTC, to the second.
  package let at: String
}

extension Workspace {
  /// The promotions that hold, in the order in which they were made: the last one counts, and those
  /// before it are what ``demote(_:)`` goes back to.
  package func promotions(in collection: ItemCollection) throws -> [Promotion] {
    try read { try Self.promotions(in: collection, $0) }
  }

  /// Makes a space the one that is meant by its collection's name.
  ///
  /// - Returns: whether it was not that already, by a promotion.
  @discardableResult
  package func promote(_ space: Space) throws -> Bool {
    try write { connection in
      let last = try Self.promotions(in: space.collection, connection).last
      guard last?.space != space else { return false }
      try connection.run(
        "INSERT INTO promotion (space, at) VALUES (?, ?)",
        [.integer(space.rowID), .text(Clock.now())])
      return true
    }
  }

  /// Takes the promotion that counts back.
  ///
  /// - Returns: the space that had it; `nil` when no space of the collection is promoted.
  package func demote(_ collection: ItemCollection) throws -> Space? {
    try write { connection in
      let promotions = try Self.promotions(in: collection, connection)
      guard let last = promotions.last else { return nil }
      // Spaces dropped in between leave one behind itself.
      for _ in promotions.reversed().prefix(while: { $0.space == last.space }) {
        try connection.run(
          """
          DELETE FROM promotion WHERE id = (
            SELECT max(promotion.id) FROM promotion WHERE space = ?)
          """, [.integer(last.space.rowID)])
      }
      return last.space
    }
  }

  private static func promotions(
    in collection: ItemCollection, _ connection: borrowing Connection
  ) throws -> [Promotion] {
    let spaces = try spaces(in: collection, connection)
    return try connection.rows(
      """
      SELECT promotion.space, at FROM promotion JOIN space ON space.id = promotion.space
      WHERE collection = ? ORDER BY promotion.id
      """, [.integer(collection.rowID)]
    ) { row in
      let (space, at) = (row.integer(0), row.text(1))
      return spaces.first { $0.rowID == space }.map { Promotion(space: $0, at: at) }
    }.compactMap(\.self)
  }
}
