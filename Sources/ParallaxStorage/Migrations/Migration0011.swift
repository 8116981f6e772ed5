extension Migration {
  /// Pairs of similar vectors that a search over a whole space found, so that a higher threshold needs no new one; see
  /// ``StoredPairs``.
  static let pairs = Migration(
    number: 11,
    script: """
      CREATE TABLE pair_join (
        space INTEGER PRIMARY KEY REFERENCES space ON DELETE CASCADE,
        created TEXT NOT NULL,
        -- The least cosine of a pair.
        floor ANY NOT NULL CHECK (typeof(floor) = 'real'),
        pairs INTEGER NOT NULL,
        -- The items whose vectors were compared, with checksums of those.
        members BLOB NOT NULL,
        checksum INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE pair_block (
        space INTEGER NOT NULL REFERENCES pair_join ON DELETE CASCADE,
        position INTEGER NOT NULL,
        checksum INTEGER NOT NULL,
        pairs BLOB NOT NULL,
        PRIMARY KEY (space, position)
      ) STRICT;
      """)
}
