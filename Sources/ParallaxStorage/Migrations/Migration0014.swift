extension Migration {
  /// Questions that are kept, to be asked of items that come, and what matched; see ``Watch``.
  ///
  /// A watch names its space and holds the identity it was made for: it outlives the space, and its threshold is
  /// applied to no other model's vectors.
  static let watches = Migration(
    number: 14,
    script: """
      CREATE TABLE watch (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        collection INTEGER NOT NULL REFERENCES collection ON DELETE CASCADE,
        -- The name of the space.
        space TEXT NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        task TEXT,
        query_task TEXT,
        dimension INTEGER NOT NULL,
        preprocessing TEXT NOT NULL,
        normalized INTEGER NOT NULL,
        content TEXT NOT NULL,
        -- The options of 'watch add' that ask.
        question TEXT NOT NULL,
        condition TEXT,
        minimum ANY NOT NULL CHECK (typeof(minimum) = 'real'),
        created TEXT NOT NULL,
        vector BLOB NOT NULL,
        checksum INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX watch_collection ON watch (collection);

      CREATE TABLE watch_match (
        watch INTEGER NOT NULL REFERENCES watch ON DELETE CASCADE,
        item INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
        -- SHA-256 of what was embedded.
        hash BLOB NOT NULL,
        -- When it was found; null for what matched when the watch was added.
        found TEXT,
        PRIMARY KEY (watch, item, hash)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX watch_match_item ON watch_match (item);
      """)
}
