package import ParallaxCore

extension Workspace {
  /// Keeps what was learnt, in one transaction, in place of what was known of the same paths.
  package func keep(
    _ pictures: [FarPicture], thumbnails: [ContentHash: Thumbnail]
  ) throws {
    try write { connection in
      let insert = try connection.prepare(
        """
        INSERT INTO far_picture (path, \(Self.farColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (path) DO UPDATE SET
          tag = excluded.tag, modified = excluded.modified, size = excluded.size,
          hash = excluded.hash, width = excluded.width, height = excluded.height,
          format = excluded.format
        """)
      for picture in pictures {
        try insert.run([
          .text(picture.path), SQLValue(picture.tag),
          picture.modified.map(SQLValue.integer) ?? .null, .integer(picture.size),
          .blob(picture.hash.bytes), SQLValue(picture.width), SQLValue(picture.height),
          .text(picture.format),
        ])
      }
      let small = try connection.prepare(
        """
        INSERT INTO thumbnail (hash, width, height, jpeg) VALUES (?, ?, ?, ?)
        ON CONFLICT (hash) DO NOTHING
        """)
      for (hash, thumbnail) in thumbnails {
        try small.run([
          .blob(hash.bytes), SQLValue(thumbnail.width), SQLValue(thumbnail.height),
          .blob(thumbnail.jpeg),
        ])
      }
    }
  }

  /// What is known of a picture; `nil` for one that was never read.
  package func farPicture(at path: String) throws -> FarPicture? {
    try read { connection in
      try connection.first(
        "SELECT \(Self.farColumns) FROM far_picture WHERE path = ?", [.text(path)]
      ) { row in
        FarPicture(
          path: path, tag: row.optionalText(0),
          modified: row.isNull(1) ? nil : row.integer(1), size: row.integer(2),
          hash: try row.contentHash(3), width: Int(row.integer(4)), height: Int(row.integer(5)),
          format: row.text(6))
      }
    }
  }

  /// The small copy of a picture with these bytes; `nil` where there is none.
  package func thumbnail(of hash: ContentHash) throws -> Thumbnail? {
    try read { connection in
      try connection.first(
        "SELECT jpeg, width, height FROM thumbnail WHERE hash = ?", [.blob(hash.bytes)]
      ) { row in
        Thumbnail(
          jpeg: row.blob(0), width: Int(row.integer(1)), height: Int(row.integer(2)))
      }
    }
  }

  /// Forgets pictures that no item is any more.
  package func forgetUnusedFarPictures() throws {
    try write { connection in
      guard try connection.integer("SELECT EXISTS (SELECT 1 FROM far_picture)") == 1 else { return }
      try connection.run("DELETE FROM far_picture WHERE path NOT IN (SELECT path FROM item)")
      try connection.run("DELETE FROM thumbnail WHERE hash NOT IN (SELECT hash FROM item)")
    }
  }

  private static let farColumns = "tag, modified, size, hash, width, height, format"
}
