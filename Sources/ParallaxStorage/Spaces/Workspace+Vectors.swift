package import ParallaxCore

extension Workspace {
  /// Stores vectors in one transaction; they take the place of older ones of the same items.
  ///
  /// Takes the items' failures away. Old vectors stay in the file until the space is dropped, but
  /// are served only when an item has the bytes again that they were made from.
  ///
  /// - Throws: `invalid-value` for another dimension or a value that is not finite; nothing is
  ///   stored then.
  package func append(_ vectors: [StoredVector], to space: Space) throws {
    try write { try Self.append(vectors, to: space, $0) }
  }

  /// Makes a space, or takes the one of that name, and stores vectors in it: all of it in one
  /// transaction, or nothing.
  ///
  /// - Parameter body: is handed what stores some vectors, for more than stand in memory.
  /// - Throws: as ``createSpace(named:in:spec:)`` and ``append(_:to:)``; what `body` throws.
  package func createSpace(
    named name: String, in collection: ItemCollection, spec: EmbeddingSpec,
    holding body: (_ store: ([StoredVector]) throws -> Void) throws -> Void
  ) throws -> Space {
    try write { connection in
      let space = try Self.createSpace(named: name, in: collection, spec: spec, connection)
      try body { try Self.append($0, to: space, connection) }
      return space
    }
  }

  private static func append(
    _ vectors: [StoredVector], to space: Space, _ connection: borrowing Connection
  ) throws {
    for vector in vectors { try check(vector, for: space, connection) }
    let capacity = VectorChunk.capacity(dimension: space.spec.dimension)
    for start in stride(from: 0, to: vectors.count, by: capacity) {
      let part = vectors[start..<min(start + capacity, vectors.count)]
      let chunk = VectorChunk(part, dimension: space.spec.dimension)
      try connection.run(
        "INSERT INTO chunk (space, checksum, keys, vectors) VALUES (?, ?, ?, ?)",
        [
          .integer(space.rowID), .integer(chunk.checksum(space: space)), .blob(chunk.keys),
          .blob(chunk.payload),
        ])
    }
    let forget = try connection.prepare("DELETE FROM failure WHERE space = ? AND item = ?")
    for vector in vectors {
      try forget.run([.integer(space.rowID), .integer(vector.item.rawValue)])
    }
  }

  /// The items whose present bytes have a vector: what need not be embedded again.
  package func embeddedHashes(
    in space: Space
  ) throws -> [ItemRecord.RowID: ContentHash] {
    try read { try ChunkReader(space).live($0).mapValues(\.hash) }
  }

  /// Stored vectors for some contents from any space of the same identity in the workspace.
  ///
  /// Damaged chunks are skipped. Reads the keys of all those spaces: ask for thousands at a
  /// time.
  ///
  /// - Parameter isShared: whether a space of another task counts that differs in nothing else.
  package func reusableVectors(
    for hashes: [ContentHash], spec: EmbeddingSpec,
    fromTask isShared: (String?) -> Bool = { _ in false }
  ) throws -> [ContentHash: [Float]] {
    try read { connection in
      var search = ReuseSearch(wanted: Set(hashes))
      let spaces = try Self.spaces(with: spec, fromTask: isShared, connection)
      for space in spaces where !search.wanted.isEmpty {
        try search.run(in: space, connection)
      }
      return search.found
    }
  }

  private static func check(
    _ vector: StoredVector, for space: Space, _ connection: borrowing Connection
  ) throws {
    let fault: String
    if vector.vector.count != space.spec.dimension {
      fault = "has \(vector.vector.count)"
    } else if !vector.vector.allSatisfy(\.isFinite) {
      fault = "has one that is not finite"
    } else {
      return
    }
    let name = try connection.first(
      "SELECT name FROM item WHERE id = ?", [.integer(vector.item.rawValue)]
    ) { $0.text(0) }
    throw ParallaxError(
      .invalidValue,
      """
      a vector of '\(space.reference)' has \(space.spec.dimension) finite values; that of \
      '\(name ?? "an unknown item")' \(fault)
      """)
  }

  private static func spaces(
    with spec: EmbeddingSpec, fromTask isShared: (String?) -> Bool,
    _ connection: borrowing Connection
  ) throws -> [Space] {
    try connection.rows(
      """
      SELECT space.id, space.name, space.created,
        collection.id, collection.name, collection.description, collection.created,
        task, task IS ?4 AND query_task IS ?5
      FROM space JOIN collection ON collection.id = space.collection
      WHERE provider IS ?1 AND model IS ?2 AND version IS ?3
        AND dimension IS ?6 AND preprocessing IS ?7 AND normalized IS ?8 AND content IS ?9
      ORDER BY space.id
      """, spec.bindings
    ) { row in
      guard row.integer(8) == 1 || isShared(row.optionalText(7)) else { return nil }
      return Space(
        rowID: row.integer(0),
        collection: ItemCollection(
          rowID: row.integer(3), name: row.text(4), description: row.optionalText(5),
          created: row.text(6)),
        name: row.text(1), spec: spec, created: row.text(2))
    }.compactMap { $0 }
  }
}

/// Looks through chunks for vectors of wanted contents.
private struct ReuseSearch {
  var wanted: Set<ContentHash>
  var found: [ContentHash: [Float]] = [:]

  mutating func run(in space: Space, _ connection: borrowing Connection) throws {
    let reader = ChunkReader(space)
    var candidates: [Int64] = []
    try reader.forEachKeys(connection) { chunk, keys in
      if slots(in: keys).contains(where: { wanted.contains($0.hash) }) { candidates.append(chunk) }
    }
    for number in candidates {
      try reader.withChunk(number, connection) { chunk in
        guard chunk.isIntact else { return }
        for (slot, hash) in slots(in: chunk.keys) where wanted.remove(hash) != nil {
          found[hash] = Self.vector(at: slot, of: chunk, dimension: space.spec.dimension)
        }
      }
    }
  }

  private func slots(in keys: UnsafeRawBufferPointer) -> [(slot: Int, hash: ContentHash)] {
    (0..<(keys.count / VectorChunk.keySize)).compactMap { slot in
      ContentHash(bytes: Array(VectorChunk.hash(at: slot, in: keys))).map { (slot, $0) }
    }
  }

  private static func vector(
    at slot: Int, of chunk: ChunkReader.Chunk, dimension: Int
  ) -> [Float] {
    (0..<dimension).map {
      chunk.payload.loadUnaligned(
        fromByteOffset: (slot * dimension + $0) * MemoryLayout<Float>.stride, as: Float.self)
    }
  }
}
