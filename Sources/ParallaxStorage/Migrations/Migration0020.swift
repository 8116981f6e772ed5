extension Migration {
  /// What judges said of answers: grades of items for questions, in sets with a name.
  static let grades = Migration(
    number: 20,
    script: """
      CREATE TABLE judgement_set (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        -- The name of the collection whose items are judged, which may be gone.
        collection TEXT NOT NULL,
        -- ISO 8601, UTC.
        created TEXT NOT NULL
      ) STRICT;

      -- What is asked by a question, so that it can be shown without its file.
      CREATE TABLE judged_term (
        judgement_set INTEGER NOT NULL REFERENCES judgement_set ON DELETE CASCADE,
        question TEXT NOT NULL,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('text', 'image', 'item')),
        -- The text, the path of the image, or the id of the item.
        value TEXT NOT NULL,
        -- ANY, as numbers with a point are in every sealed table.
        weight ANY NOT NULL CHECK (typeof(weight) = 'real'),
        -- SHA-256 of the image; NULL for a text and an item, and where the file could not be read.
        hash BLOB CHECK (hash IS NULL OR length(hash) = 32),
        PRIMARY KEY (judgement_set, question, position)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE grade (
        judgement_set INTEGER NOT NULL REFERENCES judgement_set ON DELETE CASCADE,
        question TEXT NOT NULL,
        item TEXT NOT NULL,
        judge TEXT NOT NULL,
        -- 'settled': the last word on what judges disagree about, of which there is one a pair.
        kind TEXT NOT NULL CHECK (kind IN ('person', 'model', 'settled')),
        grade INTEGER NOT NULL CHECK (grade BETWEEN 0 AND 3),
        -- ISO 8601, UTC.
        at TEXT NOT NULL,
        -- SHA-256 of the picture that was judged.
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        -- Of a model with what it was told: everything that decides its grade; NULL for a person.
        identity TEXT,
        PRIMARY KEY (judgement_set, question, item, kind, judge)
      ) STRICT, WITHOUT ROWID;
      """)
}
