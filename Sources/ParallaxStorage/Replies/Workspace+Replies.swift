package import ParallaxCore
private import ParallaxDigest
private import ParallaxSystem

extension Workspace {
  /// The replies there are for some keys, and the keys of those that are damaged.
  package func cachedReplies(
    for keys: [ContentHash]
  ) throws -> (intact: [ContentHash: [Float]], damaged: Set<ContentHash>) {
    try read { connection in
      let find = try connection.prepare(
        "SELECT dimension, checksum, vector FROM reply WHERE key = ?")
      var intact: [ContentHash: [Float]] = [:]
      var damaged: Set<ContentHash> = []
      for key in keys {
        try find.bind([.blob(key.bytes)])
        guard try find.step() else { continue }
        if let vector = Self.vector(find) { intact[key] = vector } else { damaged.insert(key) }
        while try find.step() {}
      }
      return (intact, damaged)
    }
  }

  /// Keeps the replies of one request in one transaction.
  package func keep(_ replies: [CachedReply], provider: String, model: String) throws {
    try write { connection in
      let insert = try connection.prepare(
        """
        INSERT INTO reply (key, provider, model, dimension, kind, created, checksum, vector)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE
        SET dimension = excluded.dimension, vector = excluded.vector, checksum = excluded.checksum,
          created = excluded.created
        """)
      let now = Clock.now()
      for reply in replies {
        let (bytes, checksum) = reply.vector.withUnsafeBytes {
          (Array($0), Int64(bitPattern: Digest.checksum($0)))
        }
        try insert.run([
          .blob(reply.key.bytes), .text(provider), .text(model), SQLValue(reply.vector.count),
          .text(reply.kind.rawValue), .text(now), .integer(checksum), .blob(bytes),
        ])
      }
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

  /// Bytes of the vectors that a model's cached replies hold.
  package func replyBytes(provider: String, model: String) throws -> Int {
    try read { connection in
      Int(
        try connection.integer(
          "SELECT coalesce(sum(length(vector)), 0) FROM reply WHERE provider = ? AND model = ?",
          [.text(provider), .text(model)]))
    }
  }

  /// Hands every intact reply over, oldest first.
  ///
  /// - Parameter model: `nil` for every model.
  /// - Returns: how many are damaged.
  package func forEachReply(
    ofModel model: String?, _ body: (KeptReply) throws -> Void
  ) throws -> Int {
    try read { connection in
      var damaged = 0
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
        else {
          damaged += 1
          continue
        }
        try body(
          KeptReply(
            reply: CachedReply(key: key, kind: kind, vector: vector), provider: rows.text(5),
            model: rows.text(6), created: rows.text(7)))
      }
      return damaged
    }
  }

  /// The vector of a row that begins with dimension, checksum and vector; `nil` when it is damaged.
  private static func vector(_ row: borrowing Statement) -> [Float]? {
    let dimension = row.integer(0)
    let checksum = row.integer(1)
    return row.withBlob(2) { bytes in
      // A damaged dimension may be any number.
      let count = bytes.count / MemoryLayout<Float>.stride
      guard dimension == Int64(count), bytes.count % MemoryLayout<Float>.stride == 0,
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
}
