package import ParallaxCore
private import ParallaxDigest

/// The id of an item in an engine: a UUID that follows from the collection and the item's id alone.
///
/// The first 128 bits of the SHA-256 of `parallax`, a zero byte, the collection's name, a zero byte and the
/// item's id, with the version 8 and the variant of RFC 9562.
package struct PointID: Sendable, Hashable, Comparable {
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  package init(collection: String, item: ItemID) {
    var bytes = Array("parallax".utf8)
    bytes.append(0)
    bytes += Array(collection.utf8)
    bytes.append(0)
    bytes += Array(item.rawValue.utf8)
    let hash = Digest.sha256(bytes).bytes
    func number(_ part: ArraySlice<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
    high = number(hash[0..<8]) & ~0xF000 | 0x8000
    low = number(hash[8..<16]) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
  }

  /// - Returns: `nil` for what is no UUID.
  package init?(_ text: String) {
    let digits = text.filter { $0 != "-" }
    guard digits.utf8.count == 32, let high = UInt64(digits.prefix(16), radix: 16),
      let low = UInt64(digits.suffix(16), radix: 16)
    else { return nil }
    (self.high, self.low) = (high, low)
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  /// In the usual form, with small letters.
  package var text: String {
    func padded(_ number: UInt64) -> String {
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    let digits = Array(padded(high) + padded(low))
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
    return groups.map { String(digits[$0]) }.joined(separator: "-")
  }
}

/// What tells whether a point is as it should be.
package struct EnginePair: Sendable, Hashable {
  package var id: PointID
  package var checksum: Int64

  package init(id: PointID, checksum: Int64) {
    self.id = id
    self.checksum = checksum
  }
}

/// A point as it was read back.
package struct StoredPoint: Sendable, Hashable {
  package var pair: EnginePair
  package var vector: [Float]

  package init(pair: EnginePair, vector: [Float]) {
    self.pair = pair
    self.vector = vector
  }
}

/// Points to write.
package struct EngineBatch: Sendable {
  package private(set) var pairs: [EnginePair] = []
  package private(set) var items: [ItemID] = []
  /// One after another.
  package private(set) var vectors: [Float] = []
  /// One a field of the schema; null where there is none.
  package private(set) var values: [[Value]] = []
  package let dimension: Int

  package init(dimension: Int) { self.dimension = dimension }

  package var count: Int { pairs.count }

  package func vector(_ index: Int) -> ArraySlice<Float> {
    vectors[(index * dimension)..<((index + 1) * dimension)]
  }

  package mutating func append(
    _ pair: EnginePair, item: ItemID, vector: ArraySlice<Float>, values: [Value]
  ) {
    pairs.append(pair)
    items.append(item)
    vectors += vector
    self.values.append(values)
  }

  package mutating func removeAll() {
    pairs.removeAll(keepingCapacity: true)
    items.removeAll(keepingCapacity: true)
    vectors.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }
}

/// Makes the checksum that each point carries, over all that is written of it.
package struct PointChecksum: Sendable {
  private let seed: [UInt8]

  package init(_ schema: EngineSchema) { seed = schema.seed }

  /// XXH3 over the layout, the item's id, its values and the checksum of its vector.
  package func value(item: ItemID, vector: ArraySlice<Float>, values: [Value]) -> Int64 {
    var bytes = seed
    Self.append(item.rawValue, to: &bytes)
    for value in values { Self.append(value, to: &bytes) }
    let ofVector = vector.withUnsafeBytes { Digest.checksum($0) }
    withUnsafeBytes(of: ofVector.littleEndian) { bytes.append(contentsOf: $0) }
    return Int64(bitPattern: bytes.withUnsafeBytes { Digest.checksum($0) })
  }

  private static func append(_ value: Value, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes.append(0)
    case .boolean(let flag): bytes += [1, flag ? 1 : 0]
    case .integer(let number): append(2, UInt64(bitPattern: number), to: &bytes)
    case .real(let number): append(3, number.bitPattern, to: &bytes)
    case .date(let text):
      bytes.append(4)
      append(text, to: &bytes)
    case .text(let text):
      bytes.append(5)
      append(text, to: &bytes)
    case .written(_, let value): append(value, to: &bytes)
    case .list(let values):
      append(6, UInt64(values.count), to: &bytes)
      for value in values { append(value, to: &bytes) }
    }
  }

  private static func append(_ tag: UInt8, _ number: UInt64, to bytes: inout [UInt8]) {
    bytes.append(tag)
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += Array(text.utf8)
  }
}
