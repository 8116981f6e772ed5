package import ParallaxCore

extension Workspace {
  /// Keeps fingerprints in one transaction, in place of earlier ones of the same contents.
  package func keep(_ fingerprints: [ContentHash: Fingerprint]) throws {
    try write { connection in
      let insert = try connection.prepare(
        """
        INSERT INTO fingerprint (hash, \(Self.fingerprintColumns))
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (hash) DO UPDATE SET
          method = excluded.method, width = excluded.width, height = excluded.height,
          pixels = excluded.pixels, perceptual = excluded.perceptual,
          mirrored = excluded.mirrored, spread = excluded.spread,
          left_margin = excluded.left_margin, top_margin = excluded.top_margin,
          right_margin = excluded.right_margin, bottom_margin = excluded.bottom_margin
        """)
      for (hash, fingerprint) in fingerprints {
        let margins = fingerprint.margins
        try insert.run([
          .blob(hash.bytes), .text(Fingerprint.method), SQLValue(fingerprint.width),
          SQLValue(fingerprint.height), .blob(fingerprint.pixels.bytes),
          .integer(Int64(bitPattern: fingerprint.hash.rawValue)),
          .integer(Int64(bitPattern: fingerprint.mirrored.rawValue)), .real(fingerprint.spread),
          SQLValue(margins.left), SQLValue(margins.top), SQLValue(margins.right),
          SQLValue(margins.bottom),
        ])
      }
    }
  }

  /// The fingerprints that were made of the present contents of a collection's items, in the way they
  /// are made now. A damaged one counts as none.
  package func fingerprints(
    in collection: ItemCollection
  ) throws -> [ContentHash: Fingerprint] {
    try read { connection in
      let rows = try connection.rows(
        """
        SELECT hash, \(Self.fingerprintColumns) FROM fingerprint
        WHERE method = ? AND hash IN (SELECT hash FROM item WHERE collection = ?)
        """, [.text(Fingerprint.method), .integer(collection.rowID)]
      ) { row in
        ContentHash(bytes: row.blob(0)).flatMap { hash in
          Self.fingerprint(row).map { (hash, $0) }
        }
      }
      return Dictionary(rows.compactMap(\.self), uniquingKeysWith: { first, _ in first })
    }
  }

  private static let fingerprintColumns = """
    method, width, height, pixels, perceptual, mirrored, spread, left_margin, top_margin, \
    right_margin, bottom_margin
    """

  /// Of a row whose second column is the method; `nil` when it is damaged.
  private static func fingerprint(_ row: borrowing Statement) -> Fingerprint? {
    guard let pixels = ContentHash(bytes: row.blob(4)) else { return nil }
    func integer(_ column: Int32) -> Int { Int(row.integer(column)) }
    return Fingerprint(
      width: integer(2), height: integer(3), pixels: pixels,
      hash: PerceptualHash(rawValue: UInt64(bitPattern: row.integer(5))),
      mirrored: PerceptualHash(rawValue: UInt64(bitPattern: row.integer(6))), spread: row.real(7),
      margins: Fingerprint.Margins(
        left: integer(8), top: integer(9), right: integer(10), bottom: integer(11)))
  }
}
