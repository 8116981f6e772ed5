extension Migration {
  /// Which space of a collection is meant when none is named, and which were before.
  static let promotions = Migration(
    number: 8,
    script: """
      CREATE TABLE promotion (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        space INTEGER NOT NULL REFERENCES space ON DELETE CASCADE,
        at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX promotion_space ON promotion (space);
      """)
}
