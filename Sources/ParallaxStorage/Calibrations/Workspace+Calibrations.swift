internal import ParallaxCore

extension Workspace {
  /// Keeps a calibration in the place of one of the same collection, identity, modality and bits.
  ///
  /// - Returns: the one that it replaces.
  package func keep(_ calibration: Calibration) throws -> Calibration? {
    try write { connection in
      let before = try Self.calibrations(of: calibration.collection, connection).first {
        $0.identity == calibration.identity && $0.modality == calibration.modality
          && $0.bits == calibration.bits
      }
      let key: [SQLValue] = [
        .integer(calibration.collection.rowID), .text(calibration.identity),
        .text(calibration.modality), SQLValue(calibration.bits ?? -1),
      ]
      try connection.run(
        """
        DELETE FROM calibration
        WHERE collection = ? AND identity = ? AND modality = ? AND ifnull(bits, -1) = ?
        """, key)
      try connection.run(
        """
        INSERT INTO calibration
          (collection, space, identity, modality, bits, created, seed, vectors, pictures,
           false_alarms, review_alarms, reject, review)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .integer(calibration.collection.rowID), .text(calibration.space),
          .text(calibration.identity), .text(calibration.modality),
          calibration.bits.map { SQLValue($0) } ?? .null, .text(calibration.created),
          SQLValue(calibration.seed), SQLValue(calibration.vectors),
          SQLValue(calibration.pictures), .real(calibration.falseAlarms),
          .real(calibration.reviewAlarms), .real(calibration.reject), .real(calibration.review),
        ])
      let id = connection.lastInsertedRowID
      let insert = try connection.prepare(
        """
        INSERT INTO calibration_rate
          (calibration, position, series, threshold, tried, wrong, low, high)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
      for (position, rate) in calibration.rates.enumerated() {
        try insert.run([
          .integer(id), SQLValue(position), .text(rate.series), .real(rate.threshold),
          SQLValue(rate.tried), SQLValue(rate.wrong), .real(rate.low), .real(rate.high),
        ])
      }
      return before
    }
  }

  /// The calibrations of a collection, the newest first.
  package func calibrations(of collection: ItemCollection) throws -> [Calibration] {
    try read { try Self.calibrations(of: collection, $0) }
  }

  private static func calibrations(
    of collection: ItemCollection, _ connection: borrowing Connection
  ) throws -> [Calibration] {
    let found = try connection.rows(
      """
      SELECT id, space, identity, modality, bits, created, seed, vectors, pictures, false_alarms,
        review_alarms, reject, review
      FROM calibration WHERE collection = ? ORDER BY id DESC
      """, [.integer(collection.rowID)]
    ) { row -> (Int64, Calibration) in
      var calibration = Calibration(
        collection: collection, space: row.text(1), identity: row.text(2),
        bits: row.isNull(4) ? nil : Int(row.integer(4)), created: row.text(5),
        seed: Int(row.integer(6)), vectors: Int(row.integer(7)), pictures: Int(row.integer(8)),
        falseAlarms: row.real(9), reviewAlarms: row.real(10), reject: row.real(11),
        review: row.real(12), rates: [])
      calibration.modality = row.text(3)
      return (row.integer(0), calibration)
    }
    return try found.map { id, calibration in
      var calibration = calibration
      calibration.rates = try connection.rows(
        """
        SELECT series, threshold, tried, wrong, low, high FROM calibration_rate
        WHERE calibration = ? ORDER BY position
        """, [.integer(id)]
      ) { row in
        Calibration.Rate(
          series: row.text(0), threshold: row.real(1), tried: Int(row.integer(2)),
          wrong: Int(row.integer(3)), low: row.real(4), high: row.real(5))
      }
      return calibration
    }
  }
}
