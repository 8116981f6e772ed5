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
        found[key] = Self.vector(find)
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

  /// The dimensions that a model's cached replies have.
  package func replyDimensions(provider: String, model: String) throws -> [Int] {
    try read { connection in
      try connection.rows(
        "SELECT DISTINCT dimension FROM reply WHERE provider = ? AND model = ? ORDER BY dimension",
        [.text(provider), .text(model)]
      ) { Int($0.integer(0)) }
    }
  }

  /// Hands every intact reply over, oldest first.
  ///
  /// - Parameter model: `nil` for every model.
  package func forEachReply(
    ofModel model: String?, _ body: (KeptReply) throws -> Void
  ) throws {
    try read { connection in
      let condition = model == nil ? "" : " WHERE model = ?"
      let rows = try connection.prepare(
        """
        SELECT dimension, checksum, vector, key, kind, provider, model, created FROM reply\(condition)
        ORDER BY id
        """)
      try rows.bind(model.map { [.text($0)] } ?? [])
      while try rows.step() {
        guard let vector = Self.vector(rows), let key = ContentHash(bytes: rows.blob(3)),
          let kind = CachedReply.Kind(rawValue: rows.text(4))
        else { continue }
        try body(
          KeptReply(
            reply: CachedReply(key: key, kind: kind, vector: vector), provider: rows.text(5),
            model: rows.text(6), created: rows.text(7)))
      }
    }
  }

  /// The vector of a row that begins with dimension, checksum and vector; `nil` when it is damaged.
  private static func vector(_ row: borrowing Statement) -> [Float]? {
    let count = Int(row.integer(0))
    let checksum = row.integer(1)
    return row.withBlob(2) { bytes in
      guard bytes.count == count * MemoryLayout<Float>.stride,
        Int64(bitPattern: Digest.checksum(bytes)) == checksum
      else { return nil }
      return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
        filled = count
      }
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

  /// The items a provider was asked for lately, and when the first of them was, in ISO 8601.
  package func itemsCharged(
    provider: String, withinHours hours: Int
  ) throws -> (items: Int, oldest: String?) {
    try read { connection in
      try connection.first(
        "SELECT coalesce(sum(items), 0), min(at) FROM charge WHERE provider = ? AND at >= ?",
        [.text(provider), .text(Timestamp.before(hours: hours))]
      ) { (Int($0.integer(0)), $0.optionalText(1)) } ?? (0, nil)
    }
  }

  /// Millionths of a US dollar charged so far.
  package func totalCharged() throws -> Int {
    try read { Int(try $0.integer("SELECT coalesce(sum(micros), 0) FROM charge")) }
  }
}
