internal import ParallaxCore

/// What a condition says of every item of a collection, one bit a position: true, false, or, where
/// neither bit is set, unknown.
struct WhereVerdict: Sendable {
  private let count: Int
  private var trues: [UInt64]
  private var falses: [UInt64]

  /// The same for every item.
  init(count: Int, all isTrue: Bool) {
    self.count = count
    let everything = Self.everything(count)
    let nothing = [UInt64](repeating: 0, count: everything.count)
    (trues, falses) = isTrue ? (everything, nothing) : (nothing, everything)
  }

  /// Unknown where a bit of `known` is missing, elsewhere what `holds` says of the position.
  @inline(__always)
  init(count: Int, known: [UInt64], where holds: (Int) throws -> Bool) rethrows {
    self.count = count
    trues = [UInt64](repeating: 0, count: known.count)
    falses = trues
    // Bytes first, then their bits: no branch on what holds of one item tells anything of the next.
    try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { lanes in
      lanes.initialize(repeating: 0)
      for word in known.indices where known[word] != 0 {
        let base = word << 6
        let lanesInUse = min(64, count - base)
        for lane in 0..<lanesInUse { lanes[lane] = try holds(base + lane) ? 1 : 0 }
        let bits = Self.bits(of: UnsafeRawBufferPointer(lanes)) & known[word]
        trues[word] = bits
        falses[word] = ~bits & known[word]
      }
    }
  }

  /// One bit for each of 64 bytes, which are 0 or 1.
  @inline(__always)
  private static func bits(of lanes: UnsafeRawBufferPointer) -> UInt64 {
    var bits: UInt64 = 0
    for eight in 0..<8 {
      let bytes = UInt64(
        littleEndian: lanes.loadUnaligned(fromByteOffset: eight * 8, as: UInt64.self))
      // The product brings the byte k to the bit 56 + k.
      bits |= ((bytes &* 0x0102_0408_1020_4080) >> 56) << UInt64(eight * 8)
    }
    return bits
  }

  /// What a condition on the elements of lists says of the items they belong to: true where it holds
  /// for some element, unknown where no element says anything.
  init(count: Int, ofElements verdict: WhereVerdict, of owners: [Int]) {
    self.init(count: count, known: [UInt64](repeating: 0, count: (count + 63) / 64)) { _ in false }
    for (element, owner) in owners.enumerated() {
      let bit = UInt64(1) << UInt64(owner & 63)
      if verdict.isTrue(at: element) {
        trues[owner >> 6] |= bit
        falses[owner >> 6] &= ~bit
      } else if verdict.isFalse(at: element), trues[owner >> 6] & bit == 0 {
        falses[owner >> 6] |= bit
      }
    }
  }

  func isFalse(at position: Int) -> Bool {
    falses[position >> 6] & 1 << UInt64(position & 63) != 0
  }

  func isTrue(at position: Int) -> Bool {
    trues[position >> 6] & 1 << UInt64(position & 63) != 0
  }

  /// A bit for each position for which it is true.
  var bits: [UInt64] { trues }

  /// The positions for which it is true.
  var rows: RowSet { RowSet(capacity: count, words: trues) }

  mutating func formAnd(_ other: WhereVerdict) {
    for word in trues.indices {
      trues[word] &= other.trues[word]
      falses[word] |= other.falses[word]
    }
  }

  mutating func formOr(_ other: WhereVerdict) {
    for word in trues.indices {
      trues[word] |= other.trues[word]
      falses[word] &= other.falses[word]
    }
  }

  /// The same with false in place of unknown.
  var decided: WhereVerdict {
    var verdict = self
    let everything = Self.everything(count)
    for word in trues.indices { verdict.falses[word] = everything[word] & ~trues[word] }
    return verdict
  }

  /// Unknown stays unknown.
  mutating func negate() { swap(&trues, &falses) }

  /// A bit for every position below `count`.
  static func everything(_ count: Int) -> [UInt64] {
    var words = [UInt64](repeating: ~0, count: (count + 63) / 64)
    if count % 64 != 0 { words[words.count - 1] = (1 << UInt64(count % 64)) - 1 }
    return words
  }
}
