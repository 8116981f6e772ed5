internal import ParallaxCore
private import ParallaxSystem

/// Reads the chunks of one space in the order they were stored, inside a transaction.
struct ChunkReader {
  /// A stored vector that belongs to the present bytes of an item.
  struct Live {
    let chunk: Int64
    let slot: Int
    let hash: ContentHash
  }

  /// A chunk in SQLite's memory, valid during the call it is handed to.
  struct Chunk {
    let number: Int64
    let keys: UnsafeRawBufferPointer
    let payload: UnsafeRawBufferPointer
    let isIntact: Bool
  }

  private let space: Space

  init(_ space: Space) { self.space = space }

  /// Which stored vector belongs to each item: the last one made from its present content.
  ///
  /// Reads keys without verifying them: whoever serves vectors verifies the chunks.
  func live(_ connection: borrowing Connection) throws -> [ItemRecord.RowID: Live] {
    var hashes: [ItemRecord.RowID: ContentHash] = [:]
    let items = try connection.prepare("SELECT id, hash, text FROM item WHERE collection = ?")
    try items.bind([.integer(space.collection.rowID)])
    while try items.step() {
      let content = space.spec.content
      hashes[ItemRecord.RowID(rawValue: items.integer(0))] = content.hash(
        file: try items.contentHash(1), text: content == .image ? nil : items.optionalText(2))
    }
    var live: [ItemRecord.RowID: Live] = [:]
    try forEachKeys(connection) { chunk, keys in
      for (slot, item) in VectorChunk.items(in: keys).enumerated() {
        guard let hash = hashes[item],
          VectorChunk.hash(at: slot, in: keys).elementsEqual(hash.bytes)
        else { continue }
        live[item] = Live(chunk: chunk, slot: slot, hash: hash)
      }
    }
    return live
  }

  /// The keys of each chunk, without reading its vectors.
  func forEachKeys(
    _ connection: borrowing Connection, _ body: (Int64, UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let chunks = try connection.prepare("SELECT id, keys FROM chunk WHERE space = ? ORDER BY id")
    try chunks.bind([.integer(space.rowID)])
    while try chunks.step() {
      let number = chunks.integer(0)
      try chunks.withBlob(1) { try body(number, $0) }
    }
  }

  /// Every chunk with its verdict, valid during the call it is handed to.
  ///
  /// - Parameter place: where the vectors of a chunk with some keys may be read to at once; `nil` for
  ///   memory of the reader's.
  func forEachChunk(
    _ connection: borrowing Connection,
    place: (Int64, UnsafeRawBufferPointer) -> UnsafeMutableRawBufferPointer? = { _, _ in nil },
    _ body: (Chunk) throws -> Void
  ) throws {
    let chunks = try connection.prepare(
      "SELECT id, checksum, keys FROM chunk WHERE space = ? ORDER BY id")
    try chunks.bind([.integer(space.rowID)])
    var scratch = LargeMemory(count: 0)
    guard try chunks.step() else { return }
    let blobs = try connection.blobs(ofTable: "chunk", column: "vectors", from: chunks.integer(0))
    repeat {
      let number = chunks.integer(0)
      let checksum = chunks.integer(1)
      try blobs.move(to: number)
      let count = blobs.count
      try chunks.withBlob(2) { keys in
        var target = place(number, keys)
        if target?.count != count {
          if scratch.bytes.count < count { scratch = LargeMemory(count: count) }
          target = UnsafeMutableRawBufferPointer(rebasing: scratch.bytes[..<count])
        }
        guard let target else { return }
        try blobs.read(into: target)
        let payload = UnsafeRawBufferPointer(target)
        let isIntact = VectorChunk.isIntact(
          space: space, keys: keys, payload: payload, checksum: checksum)
        try body(Chunk(number: number, keys: keys, payload: payload, isIntact: isIntact))
      }
    } while try chunks.step()
  }

  /// One chunk with its verdict.
  func withChunk(
    _ number: Int64, _ connection: borrowing Connection, _ body: (Chunk) throws -> Void
  ) throws {
    let chunk = try connection.prepare(
      "SELECT id, checksum, keys, vectors FROM chunk WHERE id = ?")
    try chunk.bind([.integer(number)])
    if try chunk.step() { try read(chunk, body) }
  }

  private func read(_ row: borrowing Statement, _ body: (Chunk) throws -> Void) throws {
    let number = row.integer(0)
    let checksum = row.integer(1)
    try row.withBlob(2) { keys in
      try row.withBlob(3) { payload in
        let isIntact = VectorChunk.isIntact(
          space: space, keys: keys, payload: payload, checksum: checksum)
        try body(Chunk(number: number, keys: keys, payload: payload, isIntact: isIntact))
      }
    }
  }
}
