internal import ParallaxCore

/// Which stored vector belongs to each item, and the row it gets: the last vector made from the item's
/// present content counts.
///
/// Reads keys without verifying them: whoever serves vectors verifies the chunks.
struct Placements: Sendable {
  private let positions: RowIDIndex
  /// By position of the item: the chunk, -1 for none, the slot in it, and the row.
  private var chunks: [Int64]
  private var slots: [Int32]
  private var rows: [Int32]

  /// Items with a vector.
  let liveCount: Int

  /// - Parameter contents: in the order of the rows.
  init(
    _ contents: PresentContents, _ reader: ChunkReader, _ connection: borrowing Connection
  ) throws {
    let (items, hashes) = (contents.items, contents.hashes)
    positions = RowIDIndex(items)
    var chunks = [Int64](repeating: -1, count: items.count)
    var slots = [Int32](repeating: 0, count: items.count)
    let positions = positions
    try hashes.withUnsafeBytes { hashes in
      try reader.forEachKeys(connection) { chunk, keys in
        for (slot, item) in VectorChunk.items(in: keys).enumerated() {
          guard let position = positions[item] else { continue }
          let own = UnsafeRawBufferPointer(
            rebasing: hashes[(position * 32)..<((position + 1) * 32)])
          guard Self.areEqual(own, VectorChunk.hash(at: slot, in: keys)) else { continue }
          chunks[position] = chunk
          slots[position] = Int32(slot)
        }
      }
    }
    var next: Int32 = 0
    rows = chunks.map { chunk in
      guard chunk >= 0 else { return -1 }
      defer { next += 1 }
      return next
    }
    (self.chunks, self.slots) = (chunks, slots)
    liveCount = Int(next)
  }

  /// 32 bytes each.
  private static func areEqual(
    _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
  ) -> Bool {
    (0..<4).allSatisfy {
      left.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)
        == right.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)
    }
  }

  /// Whether the item at a position has a vector.
  func isLive(_ position: Int) -> Bool { rows[position] >= 0 }

  /// The row that a stored vector of an item fills; `nil` when it is not the one that counts.
  func row(of item: ItemRecord.RowID, _ chunk: Int64, _ slot: Int) -> Int? {
    // A number that nothing wrote may be the one that stands for none.
    guard let position = positions[item], rows[position] >= 0, chunks[position] == chunk,
      slots[position] == slot
    else { return nil }
    return Int(rows[position])
  }
}
