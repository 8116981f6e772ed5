extension Migration {
  /// Thresholds of gates with what they promise; see ``Calibration``. They belong to an identity, not to
  /// a space: a space that is made again with the same identity has them again.
  static let calibrations = Migration(
    number: 13,
    script: """
      CREATE TABLE calibration (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        collection INTEGER NOT NULL REFERENCES collection ON DELETE CASCADE,
        -- The name of the space that it was made with.
        space TEXT NOT NULL,
        identity TEXT NOT NULL,
        -- What is compared with what, such as 'image'.
        modality TEXT NOT NULL,
        -- Bits of two perceptual hashes that may differ; null where only vectors are compared.
        bits INTEGER,
        created TEXT NOT NULL,
        seed INTEGER NOT NULL,
        -- Vectors of the space then, and pictures whose nearest other one was looked for.
        vectors INTEGER NOT NULL,
        pictures INTEGER NOT NULL,
        -- The shares of distinct pictures that are rejected, or looked at, at most.
        false_alarms ANY NOT NULL CHECK (typeof(false_alarms) = 'real'),
        review_alarms ANY NOT NULL CHECK (typeof(review_alarms) = 'real'),
        -- Cosines.
        reject ANY NOT NULL CHECK (typeof(reject) = 'real'),
        review ANY NOT NULL CHECK (typeof(review) = 'real')
      ) STRICT;
      CREATE UNIQUE INDEX calibration_key
        ON calibration (collection, identity, modality, ifnull(bits, -1));

      CREATE TABLE calibration_rate (
        calibration INTEGER NOT NULL REFERENCES calibration ON DELETE CASCADE,
        position INTEGER NOT NULL,
        -- 'false alarms', 'missed', or the kind of change that is missed.
        series TEXT NOT NULL,
        threshold ANY NOT NULL CHECK (typeof(threshold) = 'real'),
        tried INTEGER NOT NULL,
        wrong INTEGER NOT NULL,
        -- The ends of the interval of the share.
        low ANY NOT NULL CHECK (typeof(low) = 'real'),
        high ANY NOT NULL CHECK (typeof(high) = 'real'),
        PRIMARY KEY (calibration, position)
      ) STRICT, WITHOUT ROWID;
      """)
}
