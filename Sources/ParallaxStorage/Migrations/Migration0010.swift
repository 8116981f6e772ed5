extension Migration {
  /// What pictures show, by content: the same file under several names has one.
  static let fingerprints = Migration(
    number: 10,
    script: """
      CREATE TABLE fingerprint (
        -- SHA-256 of the file.
        hash BLOB PRIMARY KEY NOT NULL,
        -- How it was made; one made in another way is made again.
        method TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        -- SHA-256 of the decoded picture.
        pixels BLOB NOT NULL,
        -- 64 bits each, of the picture and of its mirror image.
        perceptual INTEGER NOT NULL,
        mirrored INTEGER NOT NULL,
        -- Levels of 255.
        spread ANY NOT NULL CHECK (typeof(spread) = 'real'),
        -- Rows and columns of one colour at each edge.
        left_margin INTEGER NOT NULL,
        top_margin INTEGER NOT NULL,
        right_margin INTEGER NOT NULL,
        bottom_margin INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      """)
}
