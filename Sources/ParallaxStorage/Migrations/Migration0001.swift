extension Migration {
  /// Collections, items, typed metadata, spaces, vector chunks, failures, settings.
  ///
  /// `AUTOINCREMENT` where a key outlives its row: the ids inside an old chunk must never come to
  /// name a new item.
  static let initialSchema = Migration(
    number: 1,
    script: """
      CREATE TABLE collection (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        description TEXT,
        created TEXT NOT NULL
      ) STRICT;

      CREATE TABLE item (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        collection INTEGER NOT NULL REFERENCES collection ON DELETE CASCADE,
        name TEXT NOT NULL,
        path TEXT NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        size INTEGER NOT NULL,
        modified INTEGER NOT NULL,
        width INTEGER,
        height INTEGER,
        format TEXT,
        text TEXT,
        UNIQUE (collection, name)
      ) STRICT;

      CREATE TABLE field (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        collection INTEGER NOT NULL REFERENCES collection ON DELETE CASCADE,
        name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('boolean', 'integer', 'real', 'date', 'text')),
        UNIQUE (collection, name)
      ) STRICT;

      CREATE TABLE metadata (
        field INTEGER NOT NULL REFERENCES field ON DELETE CASCADE,
        item INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
        value ANY NOT NULL,
        PRIMARY KEY (field, item)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX metadata_item ON metadata (item);

      CREATE TABLE space (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        collection INTEGER NOT NULL REFERENCES collection ON DELETE CASCADE,
        name TEXT NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        task TEXT,
        query_task TEXT,
        dimension INTEGER NOT NULL CHECK (dimension > 0),
        preprocessing TEXT NOT NULL,
        normalized INTEGER NOT NULL,
        created TEXT NOT NULL,
        UNIQUE (collection, name)
      ) STRICT;

      CREATE TABLE chunk (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        space INTEGER NOT NULL REFERENCES space ON DELETE CASCADE,
        checksum INTEGER NOT NULL,
        keys BLOB NOT NULL,
        vectors BLOB NOT NULL
      ) STRICT;
      CREATE INDEX chunk_space ON chunk (space);

      CREATE TABLE failure (
        space INTEGER NOT NULL REFERENCES space ON DELETE CASCADE,
        item INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
        hash BLOB NOT NULL,
        code TEXT NOT NULL,
        message TEXT NOT NULL,
        PRIMARY KEY (space, item)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX failure_item ON failure (item);

      CREATE TABLE setting (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      """)
}
