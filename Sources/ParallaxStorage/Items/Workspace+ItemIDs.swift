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

extension Workspace {
  /// Items whose files have the same content, two or more in each group, ids ascending.
  package func copies(in collection: ItemCollection) throws -> [[ItemID]] {
    try read { connection in
      let key = SQLValue.integer(collection.rowID)
      let rows = try connection.rows(
        """
        SELECT hash, name FROM item WHERE collection = ?1 AND hash IN
          (SELECT hash FROM item WHERE collection = ?1 GROUP BY hash HAVING count(*) > 1)
        ORDER BY hash, name
        """, [key]
      ) { (hash: try $0.contentHash(0), id: ItemID($0.text(1))) }
      var groups: [[ItemID]] = []
      for (index, row) in rows.enumerated() {
        if index > 0, rows[index - 1].hash == row.hash {
          groups[groups.count - 1].append(row.id)
        } else {
          groups.append([row.id])
        }
      }
      return groups
    }
  }
}
