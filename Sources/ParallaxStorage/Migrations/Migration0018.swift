extension Migration {
  /// Pictures that are no files of their own: where a source gets them from, what was learnt of them when
  /// they were read last, and small copies, since they are not kept.
  static let farPictures = Migration(
    number: 18,
    script: """
      -- Of a source whose pictures are no files.
      CREATE TABLE source_origin (
        source INTEGER PRIMARY KEY REFERENCES source ON DELETE CASCADE,
        origin TEXT NOT NULL CHECK (origin IN ('addresses', 'bucket', 'archives'))
      ) STRICT;

      CREATE TABLE far_picture (
        -- As an item's path.
        path TEXT PRIMARY KEY NOT NULL,
        -- What the server calls this state of the picture (RFC 9110, 8.8).
        tag TEXT,
        -- Nanoseconds since 1970.
        modified INTEGER,
        size INTEGER NOT NULL,
        -- SHA-256 of its bytes.
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        format TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE thumbnail (
        -- SHA-256 of the picture's bytes.
        hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        jpeg BLOB NOT NULL
      ) STRICT;
      """)
}
