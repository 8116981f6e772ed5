extension Migration {
  /// The columns that conditions compare, packed as they lie in memory; see ``ColumnPack``. A copy of what the
  /// items and their metadata say, which is made again where it is missing or of another state.
  static let columnPacks = Migration(
    number: 15,
    script: """
      CREATE TABLE column_pack (
        id INTEGER PRIMARY KEY,
        collection INTEGER NOT NULL REFERENCES collection ON DELETE CASCADE,
        subject TEXT NOT NULL,
        -- The state of what the column was read from.
        stamp BLOB NOT NULL,
        checksum INTEGER NOT NULL,
        cells BLOB NOT NULL,
        UNIQUE (collection, subject)
      ) STRICT;
      """)
}
