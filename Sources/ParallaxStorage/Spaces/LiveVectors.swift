package import ParallaxCore

/// The vectors of a space that belong to the present bytes of present items, to be read a chunk at a time:
/// only the ids of all items are in memory.
package struct LiveVectors: Sendable {
  /// Vectors of one chunk.
  package struct Part: Sendable {
    package var items: [ItemRecord.RowID] = []
    package var ids: [ItemID] = []
    /// One after another.
    package var vectors: [Float] = []
  }

  package let space: Space
  /// Items with a vector.
  package let count: Int
  /// The chunks that hold one, in the order in which they were stored.
  package let chunks: [Int64]
  private let placements: Placements
  private let names: [ItemID]
  private let positions: RowIDIndex

  fileprivate init(_ space: Space, _ connection: borrowing Connection) throws {
    self.space = space
    let reader = ChunkReader(space)
    let contents = try PresentContents(
      of: space.collection, as: space.spec.content, named: true, connection)
    let placements = try Placements(contents, reader, connection)
    var chunks: [Int64] = []
    try reader.forEachKeys(connection) { chunk, keys in
      guard !Task.isCancelled else {
        throw ParallaxError(.cancelled, "cancelled while reading '\(space.reference)'")
      }
      let isLive = VectorChunk.items(in: keys).enumerated().contains { slot, item in
        placements.row(of: item, chunk, slot) != nil
      }
      if isLive { chunks.append(chunk) }
    }
    self.placements = placements
    self.chunks = chunks
    count = placements.liveCount
    names = contents.names
    positions = RowIDIndex(contents.items)
  }

  fileprivate func part(_ number: Int64, _ connection: borrowing Connection) throws -> Part {
    var part = Part()
    let size = space.spec.dimension * MemoryLayout<Float>.stride
    try ChunkReader(space).withChunk(number, connection) { chunk in
      guard chunk.isIntact else {
        throw ParallaxError(
          .damagedData,
          "chunk \(number) of '\(space.reference)' is damaged: its checksum does not match",
          hint:
            "'embed \(space.collection.name) --as \(space.name) --resume' discards what is damaged and "
            + "embeds those images again")
      }
      var slots: [Int] = []
      for (slot, item) in VectorChunk.items(in: chunk.keys).enumerated() {
        guard placements.row(of: item, number, slot) != nil, let position = positions[item] else {
          continue
        }
        part.items.append(item)
        part.ids.append(names[position])
        slots.append(slot)
      }
      part.vectors = [Float](unsafeUninitializedCapacity: slots.count * space.spec.dimension) {
        buffer, count in
        let target = UnsafeMutableRawBufferPointer(buffer)
        for (row, slot) in slots.enumerated() {
          UnsafeMutableRawBufferPointer(rebasing: target[(row * size)..<((row + 1) * size)])
            .copyMemory(
              from: UnsafeRawBufferPointer(
                rebasing: chunk.payload[(slot * size)..<((slot + 1) * size)]))
        }
        count = slots.count * space.spec.dimension
      }
    }
    return part
  }
}

extension Workspace {
  /// Where the vectors of a space are that would be loaded.
  package func liveVectors(in space: Space) throws -> LiveVectors {
    try read { try LiveVectors(space, $0) }
  }

  /// The vectors of one chunk.
  ///
  /// - Throws: `damaged-data`.
  package func part(_ chunk: Int64, of vectors: LiveVectors) throws -> LiveVectors.Part {
    try read { try vectors.part(chunk, $0) }
  }
}
