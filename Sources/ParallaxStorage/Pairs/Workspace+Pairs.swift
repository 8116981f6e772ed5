internal import ParallaxCore
private import ParallaxDigest

extension Workspace {
  /// The pairs kept of a space, every block verified; `nil` where none are.
  ///
  /// - Throws: `damaged-data` where a block is not what was stored, or is missing.
  package func pairs(of space: Space) throws -> StoredPairs? {
    try read { connection in
      let head = try connection.prepare(
        "SELECT floor, pairs, members, checksum FROM pair_join WHERE space = ?")
      try head.bind([.integer(space.rowID)])
      guard try head.step() else { return nil }
      let (floor, count) = (Float(head.real(0)), Int(head.integer(1)))
      let checksum = head.integer(3)
      let members = head.withBlob(2) { bytes in
        Self.pairChecksum(space, position: -1, bytes) == checksum
          && bytes.count % PairBytes.memberSize == 0 ? PairBytes.members(in: bytes) : nil
      }
      var pairs: [StoredPairs.Pair] = []
      var isIntact = members != nil
      let blocks = try connection.prepare(
        "SELECT position, checksum, pairs FROM pair_block WHERE space = ? ORDER BY position")
      try blocks.bind([.integer(space.rowID)])
      while isIntact, try blocks.step() {
        if Task.isCancelled { throw ParallaxError(.cancelled, "cancelled while reading pairs") }
        isIntact = blocks.withBlob(2) { bytes in
          guard Self.isIntact(space, blocks.integer(0), bytes, checksum: blocks.integer(1)) else {
            return false
          }
          PairBytes.append(bytes, to: &pairs)
          return true
        }
      }
      guard isIntact, let members, pairs.count == count,
        pairs.allSatisfy({ $0.left < $0.right && $0.right < members.count })
      else {
        throw ParallaxError(
          .damagedData, "the pairs kept of '\(space.reference)' are damaged",
          hint: "they are found again when they are next asked for")
      }
      return StoredPairs(floor: floor, members: members, pairs: pairs)
    }
  }

  /// Keeps pairs of a space in place of those that were kept.
  package func keep(_ pairs: StoredPairs, of space: Space, created: String) throws {
    let members = PairBytes.bytes(of: pairs.members)
    try write { connection in
      let key = SQLValue.integer(space.rowID)
      try connection.run("DELETE FROM pair_join WHERE space = ?", [key])
      try connection.run(
        """
        INSERT INTO pair_join (space, created, floor, pairs, members, checksum)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [
          key, .text(created), .real(Double(pairs.floor)), SQLValue(pairs.pairs.count),
          .blob(members),
          .integer(members.withUnsafeBytes { Self.pairChecksum(space, position: -1, $0) }),
        ])
      let insert = try connection.prepare(
        "INSERT INTO pair_block (space, position, checksum, pairs) VALUES (?, ?, ?, ?)")
      for start in stride(from: 0, to: pairs.pairs.count, by: PairBytes.blockSize) {
        let part = pairs.pairs[start..<min(start + PairBytes.blockSize, pairs.pairs.count)]
        let bytes = PairBytes.bytes(of: part, count: part.count)
        let position = Int64(start / PairBytes.blockSize)
        try insert.run([
          key, .integer(position),
          .integer(bytes.withUnsafeBytes { Self.pairChecksum(space, position: position, $0) }),
          .blob(bytes),
        ])
      }
    }
  }

  /// Forgets the pairs kept of a space.
  package func discardPairs(of space: Space) throws {
    try write { connection in
      try connection.run("DELETE FROM pair_join WHERE space = ?", [.integer(space.rowID)])
    }
  }

  /// How many blocks of the pairs of a space are not what was stored; the members count as one.
  static func damagedPairBlocks(
    of space: Space, _ connection: borrowing Connection
  ) throws -> Int {
    let key = SQLValue.integer(space.rowID)
    let members = try connection.first(
      "SELECT checksum, members FROM pair_join WHERE space = ?", [key]
    ) { row in
      row.withBlob(1) { pairChecksum(space, position: -1, $0) == row.integer(0) }
    }
    let blocks = try connection.rows(
      "SELECT position, checksum, pairs FROM pair_block WHERE space = ?", [key]
    ) { row in
      row.withBlob(2) { isIntact(space, row.integer(0), $0, checksum: row.integer(1)) }
    }
    return (members == false ? 1 : 0) + blocks.count { !$0 }
  }

  private static func isIntact(
    _ space: Space, _ position: Int64, _ bytes: UnsafeRawBufferPointer, checksum: Int64
  ) -> Bool {
    bytes.count % PairBytes.pairSize == 0
      && pairChecksum(space, position: position, bytes) == checksum
  }

  /// XXH3 over the space's key, the block's position and the checksum of its bytes.
  private static func pairChecksum(
    _ space: Space, position: Int64, _ bytes: UnsafeRawBufferPointer
  ) -> Int64 {
    let parts = [
      UInt64(bitPattern: space.rowID), UInt64(bitPattern: position), UInt64(bytes.count),
      Digest.checksum(bytes),
    ]
    return parts.withUnsafeBytes { Int64(bitPattern: Digest.checksum($0)) }
  }
}
