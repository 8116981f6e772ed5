extension Migration {
  /// What was published in engines beyond this machine; see ``Publication``. The name of the space stays when
  /// it is dropped: what is in the engine does, too.
  static let publications = Migration(
    number: 17,
    script: """
      CREATE TABLE publication (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        collection INTEGER NOT NULL REFERENCES collection ON DELETE CASCADE,
        space TEXT NOT NULL,
        identity TEXT NOT NULL,
        -- Without a secret.
        url TEXT NOT NULL,
        -- The table in the engine.
        name TEXT NOT NULL,
        -- The engine with its version.
        engine TEXT NOT NULL,
        similarity TEXT NOT NULL,
        options TEXT NOT NULL,
        published TEXT NOT NULL,
        points INTEGER NOT NULL,
        -- The state of the items and vectors then; null where no seals are kept.
        stamp TEXT,
        -- How much of the exact hits the engine found; null where that was not measured.
        measured TEXT,
        depth INTEGER,
        questions INTEGER,
        seed INTEGER,
        wanted INTEGER,
        found INTEGER,
        -- The ends of the interval of 95 %.
        low ANY CHECK (low IS NULL OR typeof(low) = 'real'),
        high ANY CHECK (high IS NULL OR typeof(high) = 'real'),
        UNIQUE (collection, space, url, name)
      ) STRICT;
      """)
}
