/// What a search for similar vectors over a whole space found.
package struct StoredPairs: Sendable, Hashable {
  /// A vector that was compared with all others.
  package struct Member: Sendable, Hashable {
    package var item: ItemRecord.RowID
    /// Of the vector's bytes: another says that it is another vector.
    package var checksum: UInt64

    package init(item: ItemRecord.RowID, checksum: UInt64) {
      self.item = item
      self.checksum = checksum
    }
  }

  /// Two members by their places, the lower first, and their cosine.
  package struct Pair: Sendable, Hashable {
    package var left: UInt32
    package var right: UInt32
    package var score: Float

    package init(left: UInt32, right: UInt32, score: Float) {
      self.left = left
      self.right = right
      self.score = score
    }
  }

  /// The least cosine of a pair: every pair of members that reaches it is there.
  package var floor: Float
  package var members: [Member]
  package var pairs: [Pair]

  package init(floor: Float, members: [Member], pairs: [Pair]) {
    self.floor = floor
    self.members = members
    self.pairs = pairs
  }
}

/// How pairs lie in a workspace: numbers one after another, low bytes first.
enum PairBytes {
  /// Pairs of a block, at most: 3 MiB.
  static let blockSize = 1 << 18
  /// Left, right and score, 32 bits each.
  static let pairSize = 12
  /// Item and checksum, 64 bits each.
  static let memberSize = 16

  static func bytes(of pairs: some Sequence<StoredPairs.Pair>, count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * pairSize)
    for pair in pairs {
      withUnsafeBytes(of: (pair.left, pair.right, pair.score.bitPattern)) {
        bytes.append(contentsOf: $0)
      }
    }
    return bytes
  }

  static func bytes(of members: [StoredPairs.Member]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(members.count * memberSize)
    for member in members {
      withUnsafeBytes(of: (member.item.rawValue, member.checksum)) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  static func members(in bytes: UnsafeRawBufferPointer) -> [StoredPairs.Member] {
    (0..<bytes.count / memberSize).map { place in
      StoredPairs.Member(
        item: ItemRecord.RowID(
          rawValue: bytes.loadUnaligned(fromByteOffset: place * memberSize, as: Int64.self)),
        checksum: bytes.loadUnaligned(fromByteOffset: place * memberSize + 8, as: UInt64.self))
    }
  }

  static func append(_ bytes: UnsafeRawBufferPointer, to pairs: inout [StoredPairs.Pair]) {
    for start in stride(from: 0, to: bytes.count - pairSize + 1, by: pairSize) {
      pairs.append(
        StoredPairs.Pair(
          left: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self),
          right: bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self),
          score: Float(
            bitPattern: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt32.self))))
    }
  }
}
