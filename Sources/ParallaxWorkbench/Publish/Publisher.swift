internal import ParallaxCore
internal import ParallaxPublishing
internal import ParallaxReporting
internal import ParallaxStorage

/// Moves what is new or changed of a space to an engine, a part at a time.
struct Publisher {
  /// Bytes of vectors that are written at once.
  private static let batchBytes = 8 << 20
  /// Points that are deleted at once.
  private static let deletions = 10_000
  /// Vectors that are read back.
  private static let sample = 200

  let workspace: Workspace
  let space: Space
  let schema: EngineSchema
  let fields: EngineFields
  let connection: any EngineConnection
  let address: EngineAddress
  let handler: EventHandler

  private(set) var comparison = PointComparison()
  private(set) var counts: [PointComparison.Verdict: Int] = [:]
  private(set) var deleted = 0
  private(set) var compared = 0
  private var drawn = DrawnVectors(count: Self.sample)

  init(
    _ workspace: Workspace, _ space: Space, _ schema: EngineSchema, _ fields: EngineFields,
    _ connection: any EngineConnection, _ address: EngineAddress, _ handler: @escaping EventHandler
  ) {
    self.workspace = workspace
    self.space = space
    self.schema = schema
    self.fields = fields
    self.connection = connection
    self.address = address
    self.handler = handler
  }

  /// Reads what the engine has.
  mutating func readPairs() async throws {
    var last: PointID?
    while true {
      let page = try await connection.pairs(in: schema, after: last)
      guard let end = page.last else { return }
      try comparison.add(page: page, from: address)
      last = end.id
    }
  }

  /// A part of the vectors, sorted by what is to be done with it.
  private struct Sorted: Sendable {
    var new: EngineBatch
    var changed: EngineBatch
    /// Vectors that were looked at.
    var seen = 0
  }

  /// Compares every vector here with what is there, and writes the difference.
  ///
  /// - Parameter writes: whether anything is written; else it is only counted.
  mutating func move(writes: Bool) async throws {
    let (connection, schema) = (connection, schema)
    let vectors = try workspace.liveVectors(in: space)
    var chunks = vectors.chunks[...]
    var done = 0
    var next = try sorted(&chunks, of: vectors)
    while let batch = next {
      // What follows is read and compared while the engine takes what was.
      async let written: Void = Self.write(batch, writes ? connection : nil, schema)
      next = try sorted(&chunks, of: vectors)
      try await written
      done += batch.seen
      handler(
        .progress(
          Progress(
            writes ? "publishing" : "comparing", completed: done, total: vectors.count,
            unit: "vectors")))
    }
    let gone = comparison.gone
    deleted = gone.count
    guard writes else { return }
    for start in stride(from: 0, to: gone.count, by: Self.deletions) {
      try await connection.delete(
        Array(gone[start..<min(start + Self.deletions, gone.count)]), from: schema)
    }
  }

  private static func write(
    _ batch: Sorted, _ connection: (any EngineConnection)?, _ schema: EngineSchema
  ) async throws {
    guard let connection else { return }
    if batch.new.count > 0 { try await connection.write(batch.new, areNew: true, to: schema) }
    if batch.changed.count > 0 {
      try await connection.write(batch.changed, areNew: false, to: schema)
    }
  }

  /// - Returns: `nil` at the end.
  private mutating func sorted(
    _ chunks: inout ArraySlice<Int64>, of vectors: LiveVectors
  ) throws -> Sorted? {
    guard !chunks.isEmpty else { return nil }
    let dimension = schema.dimension
    var batch = Sorted(
      new: EngineBatch(dimension: dimension), changed: EngineBatch(dimension: dimension))
    let most = max(1, Self.batchBytes / (dimension * MemoryLayout<Float>.stride))
    let checksum = PointChecksum(schema)
    while batch.new.count + batch.changed.count < most, let chunk = chunks.popFirst() {
      guard !Task.isCancelled else { throw ParallaxError(.cancelled, "cancelled") }
      let part = try workspace.part(chunk, of: vectors)
      let values = try fields.values(
        of: part.items, ids: part.ids, in: space.collection, workspace)
      for (index, id) in part.ids.enumerated() {
        let vector = part.vectors[(index * dimension)..<((index + 1) * dimension)]
        try check(values[index], of: id)
        let pair = EnginePair(
          id: PointID(collection: space.collection.name, item: id),
          checksum: checksum.value(item: id, vector: vector, values: values[index]))
        drawn.offer(pair.id, vector)
        let verdict = comparison.verdict(on: pair)
        counts[verdict, default: 0] += 1
        switch verdict {
        case .isNew: batch.new.append(pair, item: id, vector: vector, values: values[index])
        case .isChanged:
          batch.changed.append(pair, item: id, vector: vector, values: values[index])
        case .isUnchanged: break
        }
      }
      batch.seen += part.ids.count
    }
    return batch
  }

  /// What a column could not hold must not become null.
  private func check(_ values: [Value], of item: ItemID) throws {
    for (field, value) in zip(schema.fields, values) where !field.fits(value) {
      throw ParallaxError(
        .unsupported,
        "'\(field.name)' of item '\(item)' is not of the kind \(field.kind.rawValue) that the field had "
          + "when the publish began",
        hint: "does another command change the metadata? the same command goes on")
    }
  }

  /// Reads ids and checksums of all points and the vectors of some, and compares them with those here.
  ///
  /// - Throws: `engine` when anything differs.
  mutating func verify() async throws {
    let wanted = comparison.wanted.sorted { $0.id < $1.id }
    var place = 0
    var last: PointID?
    while true {
      let page = try await connection.pairs(in: schema, after: last)
      guard let end = page.last else { break }
      guard place + page.count <= wanted.count,
        wanted[place..<(place + page.count)].elementsEqual(page)
      else { throw differs }
      place += page.count
      last = end.id
      handler(
        .progress(
          Progress("verifying", completed: place, total: wanted.count, unit: "vectors")))
    }
    guard place == wanted.count, try await connection.count(in: schema) == place else {
      throw differs
    }
    let stored = try await connection.stored(drawn.vectors.keys.sorted(), in: schema)
    guard stored.count == drawn.vectors.count else { throw differs }
    for point in stored {
      guard let own = drawn.vectors[point.pair.id],
        connection.isKept(own, as: point.vector, in: schema)
      else { throw differs }
    }
    compared = stored.count
  }

  private var differs: ParallaxError {
    ParallaxError(
      .engine, "what '\(schema.name)' holds is not what was published",
      hint: "does another program write to it? the same command makes good what differs")
  }
}

/// Some of many vectors, each as likely as any other, the same for the same ids in the same order.
private struct DrawnVectors {
  private let count: Int
  private var offered = 0
  private var generator = SeededGenerator(seed: 1)
  private var order: [PointID] = []
  private(set) var vectors: [PointID: [Float]] = [:]

  init(count: Int) { self.count = count }

  mutating func offer(_ id: PointID, _ vector: ArraySlice<Float>) {
    offered += 1
    if order.count < count {
      order.append(id)
      vectors[id] = Array(vector)
      return
    }
    let place = Int.random(in: 0..<offered, using: &generator)
    guard place < count else { return }
    vectors[order[place]] = nil
    order[place] = id
    vectors[id] = Array(vector)
  }
}
