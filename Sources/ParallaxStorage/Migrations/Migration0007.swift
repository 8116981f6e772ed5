extension Migration {
  /// The sources of a collection as values. Before, they were `ingest` commands, a line each, in a
  /// setting; see ``EarlierSources``.
  static let sources = Migration(
    number: 7,
    script: """
      CREATE TABLE source (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        collection INTEGER NOT NULL REFERENCES collection ON DELETE CASCADE,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('folder', 'manifest', 'line')),
        -- Absolute; of a line, the line.
        path TEXT NOT NULL,
        glob TEXT,
        follow INTEGER NOT NULL,
        metadata TEXT,
        key TEXT,
        path_column TEXT,
        id_column TEXT,
        text_column TEXT,
        delimiter TEXT
      ) STRICT;
      CREATE INDEX source_collection ON source (collection, position);

      CREATE TABLE source_field (
        source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
        name TEXT NOT NULL,
        kind TEXT,
        list INTEGER NOT NULL,
        PRIMARY KEY (source, name)
      ) STRICT, WITHOUT ROWID;
      """
  ) { try EarlierSources.convert($0) }
}
