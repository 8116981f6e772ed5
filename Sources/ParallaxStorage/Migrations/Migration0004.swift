extension Migration {
  /// Checksums over the rows of each table, so that damage inside a row is found; see `Seals`.
  static let seals = Migration(
    number: 4,
    script: """
      CREATE TABLE seal (
        subject TEXT NOT NULL,
        -- The collection, field or space the rows belong to; 0 where a table has no such parts.
        key INTEGER NOT NULL,
        count INTEGER NOT NULL,
        sum INTEGER NOT NULL,
        PRIMARY KEY (subject, key)
      ) STRICT, WITHOUT ROWID;
      """)
}
