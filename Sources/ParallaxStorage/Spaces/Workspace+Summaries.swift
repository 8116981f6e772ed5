internal import ParallaxCore

extension Workspace {
  /// What `list spaces` shows of some spaces, in their order.
  ///
  /// Counting the vectors of a space reads all its keys. A workspace that is open for writing keeps
  /// the number, which holds until the items or the vectors change.
  package func summaries(of spaces: [Space]) throws -> [SpaceSummary] {
    let (summaries, counts) = try read { connection in
      var counter = VectorCounter()
      let summaries = try spaces.map { try Self.summary(of: $0, &counter, connection) }
      return (summaries, counter.fresh)
    }
    if mode == .readWrite, !counts.isEmpty {
      // Where they cannot be kept they are counted again.
      try? write { connection in for count in counts { try count.store(connection) } }
    }
    return summaries
  }

  private static func summary(
    of space: Space, _ counter: inout VectorCounter, _ connection: borrowing Connection
  ) throws -> SpaceSummary {
    SpaceSummary(
      space: space,
      itemCount: Int(
        try connection.integer(
          "SELECT count(*) FROM item WHERE collection = ?", [.integer(space.collection.rowID)])),
      vectorCount: try counter.count(of: space, connection),
      failureCount: try failureCount(in: space, connection),
      bytes: try connection.integer(
        "SELECT sum(length(vectors)) FROM chunk WHERE space = ?", [.integer(space.rowID)]))
  }
}

/// Counts the items of spaces that have a vector, once for each state of items and vectors.
private struct VectorCounter {
  /// Counts that are not stored yet.
  private(set) var fresh: [VectorCount] = []
  private var contents: [ContentKey: PresentContents] = [:]

  private struct ContentKey: Hashable {
    var collection: ItemCollection
    var content: EmbeddedContent
  }

  mutating func count(of space: Space, _ connection: borrowing Connection) throws -> Int {
    let state = try VectorCount.State(of: space, connection)
    if let state, let kept = try VectorCount.kept(of: space, in: state, connection) { return kept }
    let key = ContentKey(collection: space.collection, content: space.spec.content)
    let present =
      try contents[key]
      ?? PresentContents(of: space.collection, as: space.spec.content, named: false, connection)
    contents[key] = present
    let count = try Placements(present, ChunkReader(space), connection).liveCount
    if let state { fresh.append(VectorCount(space: space, count: count, state: state)) }
    return count
  }
}

/// How many items of a space have a vector, and the state of the workspace in which that holds.
private struct VectorCount: Sendable {
  /// The seals of the items and of the chunks tell one state from another, so that no change need
  /// think of the counts.
  struct State: Hashable {
    var items: SealSum
    var chunks: SealSum

    /// - Returns: `nil` where no seals are kept.
    init?(of space: Space, _ connection: borrowing Connection) throws {
      guard try Seals.areKept(connection) else { return nil }
      items = try SealSum.kept(ofTable: "item", key: space.collection.rowID, connection)
      chunks = try SealSum.kept(ofTable: "chunk", key: space.rowID, connection)
    }

    fileprivate var bindings: [SQLValue] {
      [items.count, items.value, chunks.count, chunks.value].map(SQLValue.integer)
    }
  }

  var space: Space
  var count: Int
  var state: State

  static func kept(
    of space: Space, in state: State, _ connection: borrowing Connection
  ) throws -> Int? {
    try connection.first(
      """
      SELECT vectors FROM vector_count
      WHERE space = ? AND items = ? AND item_seal = ? AND chunks = ? AND chunk_seal = ?
      """, [.integer(space.rowID)] + state.bindings
    ) { Int($0.integer(0)) }
  }

  func store(_ connection: borrowing Connection) throws {
    try connection.run(
      """
      INSERT INTO vector_count (space, vectors, items, item_seal, chunks, chunk_seal)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (space) DO UPDATE
      SET vectors = excluded.vectors, items = excluded.items, item_seal = excluded.item_seal,
        chunks = excluded.chunks, chunk_seal = excluded.chunk_seal
      """, [.integer(space.rowID), SQLValue(count)] + state.bindings)
  }
}
