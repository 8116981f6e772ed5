package import ParallaxCore
private import ParallaxSystem

extension Workspace {
  /// Reads a space into memory, verifying every chunk.
  ///
  /// Only vectors made from the present bytes of present items are served.
  ///
  /// - Throws: `damaged-data` naming the chunks and the remedy; `cancelled`.
  package func load(_ space: Space, progress: ProgressHandler? = nil) throws -> LoadedSpace {
    try read { try SpaceLoader(space, progress, $0).load($0) }
  }

  /// Deletes the chunks whose checksum does not match; their items count as not embedded.
  ///
  /// What `embed --resume` calls first, so that it embeds them again.
  @discardableResult
  package func discardDamagedChunks(in space: Space) throws -> [DamagedChunk] {
    let damaged = try read { try Self.damagedChunks(in: space, $0) }
    guard !damaged.isEmpty else { return [] }
    return try write { connection in
      let damaged = try Self.damagedChunks(in: space, connection)
      for chunk in damaged {
        try connection.run("DELETE FROM chunk WHERE id = ?", [.integer(chunk.number)])
      }
      return damaged
    }
  }

  static func damagedChunks(
    in space: Space, _ connection: borrowing Connection, progress: ProgressHandler? = nil
  ) throws -> [DamagedChunk] {
    var damaged: [DamagedChunk] = []
    var count = 0
    try ChunkReader(space).forEachChunk(connection) { chunk in
      guard !Task.isCancelled else {
        throw ParallaxError(.cancelled, "cancelled while checking '\(space.reference)'")
      }
      if !chunk.isIntact { damaged.append(DamagedChunk(chunk, of: space)) }
      count += chunk.keys.count / VectorChunk.keySize
      progress?(
        Progress("checking '\(space.reference)'", completed: count, total: nil, unit: "vectors"))
    }
    return damaged
  }
}

extension DamagedChunk {
  fileprivate init(_ chunk: ChunkReader.Chunk, of space: Space) {
    let byKeys = chunk.keys.count / VectorChunk.keySize
    let bytes = VectorChunk.payloadSize(of: byKeys, dimension: space.spec.dimension)
    self.init(number: chunk.number, vectorCount: bytes == chunk.payload.count ? byKeys : nil)
  }
}

/// Puts the live vectors of a space into one matrix.
private struct SpaceLoader: ~Copyable {
  private let space: Space
  private let progress: ProgressHandler?
  private let placements: Placements
  private var items: [ItemRecord.RowID] = []
  private var ids: [ItemID] = []
  private var contents = ContentBeginnings()
  /// The seal of the items.
  private let seal: SealSum?

  /// Gives each item with a live vector a row, in ascending order of item id.
  init(
    _ space: Space, _ progress: ProgressHandler?, _ connection: borrowing Connection
  ) throws {
    self.space = space
    self.progress = progress
    let contents = try PresentContents(
      of: space.collection, as: space.spec.content, named: true, connection)
    let seal =
      try Seals.areKept(connection)
      ? try SealSum.kept(ofTable: "item", key: space.collection.rowID, connection) : nil
    if let seal { try Self.check(contents.itemCount, of: Int(seal.count), space.collection) }
    placements = try Placements(contents, ChunkReader(space), connection)
    self.seal = seal
    items.reserveCapacity(placements.liveCount)
    ids.reserveCapacity(placements.liveCount)
    for (position, item) in contents.items.enumerated() where placements.isLive(position) {
      items.append(item)
      ids.append(contents.names[position])
      self.contents.append(contents.files, at: position)
    }
  }

  /// Rows that a damaged file no longer gives would be missed in silence.
  private static func check(
    _ count: Int, of stored: Int, _ collection: ItemCollection
  ) throws {
    guard stored != count else { return }
    throw ParallaxError(
      .damagedData,
      "'\(collection.name)' is damaged: \(count) of its \(stored) items can be read",
      hint: "'workspace check' lists all of the damage; restore the workspace from a copy")
  }

  func load(_ connection: borrowing Connection) throws -> LoadedSpace {
    let dimension = space.spec.dimension
    let size = try checkedSize(connection)
    let memory = LargeMemory(count: size)
    memory.populateAhead()
    let damaged = try fill(memory.bytes, connection)
    guard damaged.isEmpty, let start = memory.bytes.baseAddress else {
      throw Self.error(damaged, space)
    }
    let matrix = VectorMatrix(
      rowCount: items.count, dimension: dimension, at: start, of: memory)
    return LoadedSpace(
      space: space, matrix: matrix, items: items, ids: ids,
      state: seal.map { LoadedSpace.State(contents: contents, items: $0) })
  }

  /// The bytes of the matrix: of a dimension that at least one chunk has, so that no number which
  /// nothing wrote is asked of the memory.
  private func checkedSize(_ connection: borrowing Connection) throws -> Int {
    let dimension = space.spec.dimension
    let chunks = try connection.rows(
      "SELECT id, length(keys) / \(VectorChunk.keySize), length(vectors) FROM chunk WHERE space = ?",
      [.integer(space.rowID)]
    ) { (number: $0.integer(0), count: Int($0.integer(1)), bytes: Int($0.integer(2))) }
    let fits = chunks.contains {
      VectorChunk.payloadSize(of: $0.count, dimension: dimension) == $0.bytes
    }
    if items.isEmpty || fits,
      let size = VectorChunk.payloadSize(of: items.count, dimension: dimension)
    {
      return size
    }
    let others = Set(
      chunks.map { chunk in
        let vector = chunk.count * MemoryLayout<Float>.stride
        return vector > 0 && chunk.bytes % vector == 0 ? chunk.bytes / vector : 0
      })
    guard others.count == 1, let other = others.first, other > 0 else {
      throw Self.error(chunks.map { DamagedChunk(number: $0.number, vectorCount: nil) }, space)
    }
    throw ParallaxError(
      .damagedData,
      "'\(space.reference)' is damaged: its dimension is \(dimension), its vectors have \(other)",
      hint: "'workspace check' lists all of the damage; restore the workspace from a copy")
  }

  /// - Returns: the chunks that are damaged; none of their vectors is used.
  private func fill(
    _ matrix: UnsafeMutableRawBufferPointer, _ connection: borrowing Connection
  ) throws -> [DamagedChunk] {
    var damaged: [DamagedChunk] = []
    var loaded = 0
    let reader = ChunkReader(space)
    try reader.forEachChunk(connection, place: { place($0, $1, in: matrix) }) { chunk in
      guard !Task.isCancelled else {
        throw ParallaxError(.cancelled, "cancelled while loading '\(space.reference)'")
      }
      guard chunk.isIntact else { return damaged.append(DamagedChunk(chunk, of: space)) }
      loaded += copyLiveVectors(of: chunk, to: matrix)
      progress?(Progress("loading", completed: loaded, total: items.count, unit: "vectors"))
    }
    return damaged
  }

  /// The rows of a chunk whose vectors are all live and lie one after another in the matrix, too.
  private func place(
    _ chunk: Int64, _ keys: UnsafeRawBufferPointer, in matrix: UnsafeMutableRawBufferPointer
  ) -> UnsafeMutableRawBufferPointer? {
    let size = space.spec.dimension * MemoryLayout<Float>.stride
    let items = VectorChunk.items(in: keys)
    guard let first = items.first.flatMap({ placements.row(of: $0, chunk, 0) }) else { return nil }
    for (slot, item) in items.enumerated() {
      guard placements.row(of: item, chunk, slot) == first + slot else { return nil }
    }
    return UnsafeMutableRawBufferPointer(
      rebasing: matrix[(first * size)..<((first + items.count) * size)])
  }

  private func copyLiveVectors(
    of chunk: ChunkReader.Chunk, to matrix: UnsafeMutableRawBufferPointer
  ) -> Int {
    let size = space.spec.dimension * MemoryLayout<Float>.stride
    var copied = 0
    if let start = matrix.baseAddress, let payload = chunk.payload.baseAddress,
      payload >= UnsafeRawPointer(start), payload < UnsafeRawPointer(start + matrix.count)
    {
      // Read to its place already.
      return chunk.payload.count / size
    }
    for (slot, item) in VectorChunk.items(in: chunk.keys).enumerated() {
      guard let row = placements.row(of: item, chunk.number, slot) else { continue }
      UnsafeMutableRawBufferPointer(
        rebasing: matrix[(row * size)..<((row + 1) * size)]
      ).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: chunk.payload[(slot * size)..<((slot + 1) * size)]))
      copied += 1
    }
    return copied
  }

  private static func error(_ damaged: [DamagedChunk], _ space: Space) -> ParallaxError {
    let shown = damaged.prefix(10).map { String($0.number) }.joined(separator: ", ")
    let subject =
      damaged.count == 1
      ? "chunk \(shown) of '\(space.reference)' is damaged: its checksum does not match"
      : """
      \(damaged.count) chunks of '\(space.reference)' are damaged: their checksums do not match \
      (\(shown)\(damaged.count > 10 ? ", …" : ""))
      """
    return ParallaxError(
      .damagedData, subject,
      hint: """
        'embed \(space.collection.name) --as \(space.name) --resume' discards what is damaged and \
        embeds those images again
        """)
  }
}
