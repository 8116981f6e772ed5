package import ParallaxCore
private import ParallaxDigest

extension Workspace {
  /// The replies there are for some keys; damaged ones are passed over, as if they were not there.
  package func cachedReplies(for keys: [ContentHash]) throws -> [ContentHash: [Float]] {
    try read { connection in
      let find = try connection.prepare(
        "SELECT dimension, checksum, vector FROM reply WHERE key = ?")
      var found: [ContentHash: [Float]] = [:]
      for key in keys {
        try find.bind([.blob(key.bytes)])
        guard try find.step() else { continue }
        let count = Int(find.integer(0))
        let checksum = find.integer(1)
        found[key] = find.withBlob(2) { bytes in
          guard bytes.count == count * MemoryLayout<Float>.stride,
            Int64(bitPattern: Digest.checksum(bytes)) == checksum
          else { return nil }
          return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
            filled = count
          }
        }
        while try find.step() {}
      }
      return found
    }
  }

  /// Keeps the replies of one request, and what they cost, in one transaction.
  package func keep(_ replies: [CachedReply], charge: Charge) throws {
    try write { connection in
      let insert = try connection.prepare(
        """
        INSERT INTO reply (key, provider, model, dimension, kind, created, checksum, vector)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE
        SET vector = excluded.vector, checksum = excluded.checksum, created = excluded.created
        """)
      let now = Timestamp.now()
      for reply in replies {
        let (bytes, checksum) = reply.vector.withUnsafeBytes {
          (Array($0), Int64(bitPattern: Digest.checksum($0)))
        }
        try insert.run([
          .blob(reply.key.bytes), .text(charge.provider), .text(charge.model),
          SQLValue(reply.vector.count), .text(reply.kind.rawValue), .text(now),
          .integer(checksum), .blob(bytes),
        ])
      }
      try connection.run(
        """
        INSERT INTO charge (at, provider, model, subject, kind, items, micros)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .text(now), .text(charge.provider), .text(charge.model), .text(charge.subject),
          .text(charge.kind.rawValue), SQLValue(charge.items),
          charge.micros.map { SQLValue($0) } ?? .null,
        ])
    }
  }

  /// The cached replies by model and dimension.
  package func replySummaries() throws -> [ReplySummary] {
    try read { connection in
      try connection.rows(
        """
        SELECT provider, model, dimension, count(*), sum(length(vector)), min(created), max(created)
        FROM reply GROUP BY provider, model, dimension ORDER BY provider, model, dimension
        """
      ) {
        ReplySummary(
          provider: $0.text(0), model: $0.text(1), dimension: Int($0.integer(2)),
          count: Int($0.integer(3)), bytes: Int($0.integer(4)), oldest: $0.text(5),
          newest: $0.text(6))
      }
    }
  }

  /// Removes the replies of a model, or all of them, and gives their room back.
  ///
  /// - Returns: how many there were.
  @discardableResult
  package func pruneReplies(ofModel model: String?) throws -> Int {
    let count = try write { connection in
      let condition = model == nil ? "" : " WHERE model = ?"
      let values = model.map { [SQLValue.text($0)] } ?? []
      let count = try connection.integer("SELECT count(*) FROM reply\(condition)", values)
      try connection.run("DELETE FROM reply\(condition)", values)
      return Int(count)
    }
    try releaseFreePages()
    return count
  }

  /// How charges may be added up.
  package enum ChargeGroup: String, Sendable, CaseIterable {
    case collection, model, day

    fileprivate var expression: String {
      switch self {
      case .collection:
        "CASE instr(subject, '@') WHEN 0 THEN subject "
          + "ELSE substr(subject, 1, instr(subject, '@') - 1) END"
      case .model: "provider || '/' || model"
      case .day: "substr(at, 1, 10)"
      }
    }
  }

  /// Everything charged, in groups; the dearest first.
  package func charges(by group: ChargeGroup) throws -> [ChargeSummary] {
    try read { connection in
      try connection.rows(
        """
        SELECT \(group.expression), sum(items), coalesce(sum(micros), 0),
          sum(CASE WHEN micros IS NULL THEN items ELSE 0 END)
        FROM charge GROUP BY 1 ORDER BY 3 DESC, 1
        """
      ) {
        ChargeSummary(
          name: $0.text(0), items: Int($0.integer(1)), micros: Int($0.integer(2)),
          unpriced: Int($0.integer(3)))
      }
    }
  }

  /// Millionths of a US dollar charged so far.
  package func totalCharged() throws -> Int {
    try read { Int(try $0.integer("SELECT coalesce(sum(micros), 0) FROM charge")) }
  }
}
