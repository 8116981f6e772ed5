internal import ParallaxCore
private import ParallaxDigest

#if _endian(big)
  #error("vector chunks are stored with the low byte first")
#endif

/// The layout of one row of stored vectors.
///
/// `keys` holds 40 bytes a vector: the item's key (64 bits) and the SHA-256 of what was embedded.
/// `vectors` holds the 32-bit floats, vector after vector. Low bytes come first.
struct VectorChunk {
  /// A key in bytes.
  static let keySize = 8 + 32
  /// The vectors of a chunk take at most this many bytes, or are one vector.
  static let payloadLimit = 4 << 20

  let keys: [UInt8]
  let payload: [UInt8]

  /// - Precondition: every vector has `dimension` values.
  init(_ vectors: some Swift.Collection<StoredVector>, dimension: Int) {
    var keys: [UInt8] = []
    keys.reserveCapacity(vectors.count * Self.keySize)
    var payload: [UInt8] = []
    payload.reserveCapacity(vectors.count * dimension * MemoryLayout<Float>.stride)
    for vector in vectors {
      withUnsafeBytes(of: vector.item.rawValue) { keys.append(contentsOf: $0) }
      keys.append(contentsOf: vector.hash.bytes)
      vector.vector.withUnsafeBytes { payload.append(contentsOf: $0) }
    }
    self.keys = keys
    self.payload = payload
  }

  /// How many vectors of a dimension go into one chunk.
  static func capacity(dimension: Int) -> Int {
    max(1, payloadLimit / (dimension * MemoryLayout<Float>.stride))
  }

  func checksum(space: Space) -> Int64 {
    keys.withUnsafeBytes { keys in
      payload.withUnsafeBytes { Self.checksum(space: space, keys: keys, payload: $0) }
    }
  }

  /// XXH3 over the space's key, the dimension and the checksums of both parts.
  static func checksum(
    space: Space, keys: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer
  ) -> Int64 {
    let parts = [
      UInt64(bitPattern: space.rowID), UInt64(space.spec.dimension), UInt64(keys.count),
      Digest.checksum(keys), Digest.checksum(payload),
    ]
    return parts.withUnsafeBytes { Int64(bitPattern: Digest.checksum($0)) }
  }

  /// Whether the bytes are what was stored.
  static func isIntact(
    space: Space, keys: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer, checksum: Int64
  ) -> Bool {
    let count = keys.count / keySize
    return keys.count == count * keySize
      && payload.count == payloadSize(of: count, dimension: space.spec.dimension)
      && Self.checksum(space: space, keys: keys, payload: payload) == checksum
  }

  /// The bytes that some vectors take; `nil` where no memory holds them.
  static func payloadSize(of count: Int, dimension: Int) -> Int? {
    let (values, overflows) = count.multipliedReportingOverflow(by: dimension)
    let (bytes, exceeds) = values.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    return overflows || exceeds || bytes < 0 ? nil : bytes
  }

  /// The item of each vector.
  static func items(in keys: UnsafeRawBufferPointer) -> [ItemRecord.RowID] {
    (0..<(keys.count / keySize)).map {
      ItemRecord.RowID(
        rawValue: keys.loadUnaligned(fromByteOffset: $0 * keySize, as: Int64.self))
    }
  }

  /// The bytes of the hash that belongs to a slot.
  static func hash(at slot: Int, in keys: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: keys[(slot * keySize + 8)..<((slot + 1) * keySize)])
  }
}
