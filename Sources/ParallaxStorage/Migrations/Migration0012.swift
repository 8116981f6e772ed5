extension Migration {
  /// What a person said of two contents. It belongs to the bytes, not to items or collections, and outlives both.
  static let verdicts = Migration(
    number: 12,
    script: """
      CREATE TABLE verdict (
        -- SHA-256 of the two files, the lower first.
        one BLOB NOT NULL CHECK (length(one) = 32),
        other BLOB NOT NULL CHECK (length(other) = 32),
        answer TEXT NOT NULL CHECK (answer IN ('duplicate', 'distinct')),
        at TEXT NOT NULL,
        judge TEXT,
        -- The cosine that was shown with the two, and the identity of the space it is of.
        score ANY CHECK (score IS NULL OR typeof(score) = 'real'),
        identity TEXT,
        PRIMARY KEY (one, other),
        CHECK (one < other)
      ) STRICT, WITHOUT ROWID;
      """)
}
