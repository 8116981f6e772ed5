extension Migration {
  /// Jobs that a provider does within a day, and what each of them asks for; see ``BatchJob``.
  ///
  /// A job names no space by its key: what was handed in is paid for and fetched whatever becomes of the space.
  static let batchJobs = Migration(
    number: 16,
    script: """
      CREATE TABLE batch_job (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        -- Ours, for ever unique: by it the provider is asked whether it has the job.
        name TEXT NOT NULL UNIQUE,
        -- The provider's; null while it is not known whether it has the job.
        remote TEXT,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        task TEXT,
        query_task TEXT,
        dimension INTEGER NOT NULL,
        preprocessing TEXT NOT NULL,
        normalized INTEGER NOT NULL,
        content TEXT NOT NULL,
        -- What the charge is written under, such as photos@base.
        subject TEXT NOT NULL,
        -- Tells accounts of the provider apart.
        account TEXT NOT NULL,
        charge INTEGER NOT NULL,
        state TEXT NOT NULL,
        items INTEGER NOT NULL,
        answered INTEGER NOT NULL DEFAULT 0,
        message TEXT,
        created TEXT NOT NULL,
        changed TEXT NOT NULL
      ) STRICT;
      CREATE INDEX batch_job_state ON batch_job (state);

      CREATE TABLE batch_item (
        job INTEGER NOT NULL REFERENCES batch_job ON DELETE CASCADE,
        position INTEGER NOT NULL,
        -- What its reply is kept under.
        key BLOB NOT NULL,
        kind TEXT NOT NULL,
        -- Why the provider gave no vector; null where it was not refused.
        refusal TEXT,
        PRIMARY KEY (job, position)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX batch_item_key ON batch_item (key);
      """)
}
