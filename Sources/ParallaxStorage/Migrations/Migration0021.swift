extension Migration {
  /// Folders in buckets that hold files of jobs, until those are deleted; see ``BatchJob``.
  static let batchFolders = Migration(
    number: 21,
    script: """
      CREATE TABLE batch_folder (
        job INTEGER PRIMARY KEY REFERENCES batch_job ON DELETE CASCADE,
        -- Such as gs://bucket/prefix/parallax-name/
        address TEXT NOT NULL
      ) STRICT;
      """)
}
