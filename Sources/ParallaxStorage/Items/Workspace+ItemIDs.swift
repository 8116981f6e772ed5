package import ParallaxCore

extension Workspace {
  /// The ids of all items, in ascending order.
  package func ids(in collection: ItemCollection) throws -> [ItemID] {
    try read { connection in
      try connection.rows(
        "SELECT name FROM item WHERE collection = ? ORDER BY name", [.integer(collection.rowID)]
      ) { ItemID($0.text(0)) }
    }
  }
}
