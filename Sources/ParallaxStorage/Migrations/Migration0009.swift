extension Migration {
  /// Probes that are kept with a space, to be asked of its model again, and what came of that.
  ///
  /// Numbers with a point are ANY: a REAL column keeps whole ones as integers, which its seal would take
  /// for damage.
  static let canaries = Migration(
    number: 9,
    script: """
      CREATE TABLE canary (
        space INTEGER PRIMARY KEY REFERENCES space ON DELETE CASCADE,
        created TEXT NOT NULL,
        seed INTEGER NOT NULL,
        -- The largest cosine distance between two answers to one probe at that time.
        noise ANY NOT NULL CHECK (typeof(noise) = 'real')
      ) STRICT;

      CREATE TABLE probe (
        space INTEGER NOT NULL REFERENCES canary ON DELETE CASCADE,
        position INTEGER NOT NULL,
        -- The item that is asked by; null for a text.
        item INTEGER,
        -- The item's id at the time, or the text.
        name TEXT NOT NULL,
        -- SHA-256 of what was embedded.
        hash BLOB NOT NULL,
        vector BLOB NOT NULL,
        checksum INTEGER NOT NULL,
        PRIMARY KEY (space, position)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE canary_check (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        space INTEGER NOT NULL REFERENCES canary ON DELETE CASCADE,
        at TEXT NOT NULL,
        -- Probes that were answered, and those of them that have drifted.
        asked INTEGER NOT NULL,
        drifted INTEGER NOT NULL,
        -- Cosine distances.
        mean ANY NOT NULL CHECK (typeof(mean) = 'real'),
        largest ANY NOT NULL CHECK (typeof(largest) = 'real'),
        tolerance ANY NOT NULL CHECK (typeof(tolerance) = 'real')
      ) STRICT;
      CREATE INDEX canary_check_space ON canary_check (space);
      """)
}
