extension Migration {
  /// What tells this workspace from any other where it publishes.
  static let publisher = Migration(
    number: 19,
    script: """
      CREATE TABLE publisher (
        -- 128 random bits in hexadecimal digits; one row.
        id TEXT PRIMARY KEY NOT NULL
      ) STRICT;

      INSERT INTO publisher VALUES (lower(hex(randomblob(16))));
      """)
}
