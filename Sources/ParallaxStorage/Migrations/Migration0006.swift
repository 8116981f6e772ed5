extension Migration {
  /// How many items of a space have a vector, for the state of the items and of the vectors in which
  /// they were counted; see `VectorCount`.
  static let vectorCounts = Migration(
    number: 6,
    script: """
      CREATE TABLE vector_count (
        space INTEGER PRIMARY KEY REFERENCES space ON DELETE CASCADE,
        vectors INTEGER NOT NULL,
        -- The seal of the collection's items, and that of the space's chunks.
        items INTEGER NOT NULL,
        item_seal INTEGER NOT NULL,
        chunks INTEGER NOT NULL,
        chunk_seal INTEGER NOT NULL
      ) STRICT;
      """)
}
