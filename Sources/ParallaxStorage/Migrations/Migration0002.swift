extension Migration {
  /// Replies of remote providers, kept for good, and what they cost.
  static let repliesAndCharges = Migration(
    number: 2,
    script: """
      CREATE TABLE reply (
        id INTEGER PRIMARY KEY,
        key BLOB NOT NULL UNIQUE CHECK (length(key) = 32),
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        dimension INTEGER NOT NULL CHECK (dimension > 0),
        kind TEXT NOT NULL CHECK (kind IN ('image', 'text')),
        created TEXT NOT NULL,
        checksum INTEGER NOT NULL,
        vector BLOB NOT NULL
      ) STRICT;

      CREATE TABLE charge (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        subject TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('image', 'text')),
        items INTEGER NOT NULL,
        -- Millionths of a US dollar; null where no price is known.
        micros INTEGER
      ) STRICT;
      """)
}
