internal import ParallaxCore
private import ParallaxDigest

extension Workspace {
  /// Keeps a canary, whose space must have none.
  package func add(_ canary: Canary) throws {
    try write { connection in
      try connection.run(
        "INSERT INTO canary (space, created, seed, noise) VALUES (?, ?, ?, ?)",
        [
          .integer(canary.space.rowID), .text(canary.created), SQLValue(canary.seed),
          .real(canary.noise),
        ])
      let insert = try connection.prepare(
        """
        INSERT INTO probe (space, position, item, name, hash, vector, checksum)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """)
      for (position, probe) in canary.probes.enumerated() {
        let item: SQLValue =
          if case .item(let item, _) = probe.subject { .integer(item.rawValue) } else { .null }
        let (bytes, checksum) = probe.vector.withUnsafeBytes {
          (Array($0), Int64(bitPattern: Digest.checksum($0)))
        }
        try insert.run([
          .integer(canary.space.rowID), SQLValue(position), item, .text(probe.name),
          .blob(probe.hash.bytes), .blob(bytes), .integer(checksum),
        ])
      }
    }
  }

  /// The canary of a space; `nil` where there is none.
  ///
  /// - Throws: `damaged-data`.
  package func canary(of space: Space) throws -> Canary? {
    try read { connection in
      let head = try connection.first(
        "SELECT created, seed, noise FROM canary WHERE space = ?", [.integer(space.rowID)]
      ) { (created: $0.text(0), seed: Int($0.integer(1)), noise: $0.real(2)) }
      guard let head else { return nil }
      let probes = try connection.rows(
        "SELECT item, name, hash, vector, checksum FROM probe WHERE space = ? ORDER BY position",
        [.integer(space.rowID)]
      ) { row in
        guard let hash = ContentHash(bytes: row.blob(2)),
          let vector = Self.probeVector(row, dimension: space.spec.dimension)
        else {
          throw ParallaxError(
            .damagedData, "a probe of the canary of '\(space.reference)' is damaged",
            hint: "'canary drop \(space.reference)' removes it; then make a new one")
        }
        return Canary.Probe(
          row.isNull(0)
            ? .text(row.text(1))
            : .item(ItemRecord.RowID(rawValue: row.integer(0)), ItemID(row.text(1))),
          hash: hash, vector: vector)
      }
      return Canary(
        space: space, created: head.created, seed: head.seed, noise: head.noise, probes: probes)
    }
  }

  /// Removes the canary of a space with its checks; whether there was one.
  package func dropCanary(of space: Space) throws -> Bool {
    try write { connection in
      let isThere =
        try connection.integer(
          "SELECT EXISTS (SELECT 1 FROM canary WHERE space = ?)", [.integer(space.rowID)]) == 1
      try connection.run("DELETE FROM canary WHERE space = ?", [.integer(space.rowID)])
      return isThere
    }
  }

  /// Notes what came of a check.
  package func add(_ check: CanaryCheck, to space: Space) throws {
    try write { connection in
      try connection.run(
        """
        INSERT INTO canary_check (space, at, asked, drifted, mean, largest, tolerance)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .integer(space.rowID), .text(check.at), SQLValue(check.asked), SQLValue(check.drifted),
          .real(check.mean), .real(check.largest), .real(check.tolerance),
        ])
    }
  }

  /// The checks of a space's canary, the newest first.
  package func canaryChecks(of space: Space) throws -> [CanaryCheck] {
    try read { try Self.checks(of: space, $0) }
  }

  /// The canaries of some spaces, in their order.
  package func canarySummaries(of spaces: [Space]) throws -> [CanarySummary] {
    try read { connection in
      try spaces.compactMap { space in
        try connection.first(
          """
          SELECT created, noise, (SELECT count(*) FROM probe WHERE probe.space = canary.space)
          FROM canary WHERE space = ?
          """, [.integer(space.rowID)]
        ) { (created: $0.text(0), noise: $0.real(1), probes: Int($0.integer(2))) }
        .map {
          CanarySummary(
            space: space, created: $0.created, probes: $0.probes, noise: $0.noise,
            lastCheck: try Self.checks(of: space, connection).first)
        }
      }
    }
  }

  private static func checks(
    of space: Space, _ connection: borrowing Connection
  ) throws -> [CanaryCheck] {
    try connection.rows(
      """
      SELECT at, asked, drifted, mean, largest, tolerance FROM canary_check
      WHERE space = ? ORDER BY id DESC
      """, [.integer(space.rowID)]
    ) {
      CanaryCheck(
        at: $0.text(0), asked: Int($0.integer(1)), drifted: Int($0.integer(2)), mean: $0.real(3),
        largest: $0.real(4), tolerance: $0.real(5))
    }
  }

  /// The vector of a row of `probe`; `nil` when it is damaged.
  private static func probeVector(_ row: borrowing Statement, dimension: Int) -> [Float]? {
    let checksum = row.integer(4)
    return row.withBlob(3) { bytes in
      guard bytes.count == dimension * MemoryLayout<Float>.stride,
        Int64(bitPattern: Digest.checksum(bytes)) == checksum
      else { return nil }
      return [Float](unsafeUninitializedCapacity: dimension) { buffer, filled in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
        filled = dimension
      }
    }
  }
}
