internal import CVectorGraph
package import ParallaxCore
private import ParallaxDigest
internal import ParallaxSystem
private import Synchronization

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A hierarchical navigable small-world graph (Malkov and Yashunin, 2018) over unit vectors, with the kernels of this module.
///
/// Rows whose stored vectors are equal share a node: links between copies would lead nowhere else. Nodes are numbered from 0
/// and never removed: what is gone is skipped by the map from nodes to rows that a search brings along. The graph depends
/// on the vectors and the order in which they are added alone, not on threads or processors.
///
/// `@unchecked Sendable`: links change under a lock for one writer or many readers; one thread at a time adds.
package final class VectorGraph: @unchecked Sendable {
  package let dimension: Int
  package let options: GraphOptions
  /// What an int8 code counts for; 1 for other storages.
  package let scale: Float

  private var raw: cvg_graph
  private var memory: GraphMemory
  private let lock = ReadWriteLock()
  private let adding = Mutex(())
  private let scratches = ScratchPool()
  private let kernel = Kernel.best

  /// Bytes of a vector, whole cache lines.
  static func stride(_ dimension: Int, _ storage: GraphStorage) -> Int {
    (dimension * storage.size + 63) / 64 * 64
  }

  var stride: Int { Self.stride(dimension, options.storage) }

  /// An empty graph.
  ///
  /// - Parameter scale: the largest value over 127 for int8; 1 for other storages.
  package convenience init(dimension: Int, options: GraphOptions, scale: Float = 1) {
    self.init(
      GraphMemory(capacity: 0, options.connectivity, Self.stride(dimension, options.storage)),
      count: 0, entry: 0, dimension: dimension, options: options, scale: scale)
  }

  /// A graph in memory that was filled before.
  ///
  /// - Parameters:
  ///   - count: nodes, no more than there is room for.
  ///   - entry: where every walk begins.
  init(
    _ memory: GraphMemory, count: Int, entry: Int, dimension: Int, options: GraphOptions,
    scale: Float
  ) {
    self.dimension = dimension
    self.options = options
    self.scale = scale
    self.memory = memory
    raw = cvg_graph()
    raw.dimension = dimension
    raw.connectivity = UInt32(options.connectivity)
    raw.expansion = UInt32(options.expansionAdd)
    raw.stride = Self.stride(dimension, options.storage)
    raw.distance = kernel.distance(options.storage)
    raw.count = UInt32(count)
    raw.entry = UInt32(entry)
    memory.place(in: &raw)
  }

  package var count: Int { lock.reading { Int(raw.count) } }
  var entry: Int { lock.reading { Int(raw.entry) } }

  /// Bytes held.
  package var byteCount: Int {
    lock.reading {
      GraphMemory.Layout(count: Int(raw.count), options.connectivity, stride).byteCount
    }
  }

  /// Whether links are such as building makes, so that no walk leaves the memory.
  var isSound: Bool { lock.reading { withUnsafePointer(to: raw) { cvg_is_sound($0) } } }

  /// Calls `body` with the bytes of each part for `count` nodes, in the order of a file.
  func withParts(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    try lock.reading {
      for part in memory.parts(count: Int(raw.count)) { try body(UnsafeRawBufferPointer(part)) }
    }
  }

  // MARK: - Adding

  /// Adds rows of a matrix, on all processors.
  ///
  /// - Parameters:
  ///   - unit: a row at unit length; `nil` where it has it already.
  ///   - threads: at most this many; `nil` for one a processor.
  ///   - progress: hears the number of rows added so far.
  /// - Returns: the node of each row; equal ones have one.
  /// - Throws: `index`; `cancelled`, with some rows added.
  package func add(
    _ rows: [Int], of matrix: VectorMatrix, unit: @Sendable (Int) -> [Float]? = { _ in nil },
    threads: Int? = nil, progress: (Int) -> Void = { _ in }
  ) throws -> [Int] {
    precondition(matrix.dimension == dimension, "rows of another kind")
    return try adding.withLock { _ in
      var placed = Int(raw.count)
      lock.writing { reserve(placed + rows.count) }
      var known = nodesByDigest(threads)
      var nodes: [Int] = []
      nodes.reserveCapacity(rows.count)
      let step = 4_096
      let staged = LargeMemory(count: min(step, rows.count) * stride)
      for start in Swift.stride(from: 0, to: rows.count, by: step) {
        let part = Array(rows[start..<min(start + step, rows.count)])
        for (place, digest) in store(part, of: matrix, unit, in: staged, threads).enumerated() {
          nodes.append(node(of: staged.start + place * stride, digest, &known, &placed))
        }
        while placed - Int(raw.count) >= Int(CVG_BATCH) { try link(Int(CVG_BATCH), threads) }
        progress(start + part.count)
      }
      try link(placed - Int(raw.count), threads)
      return nodes
    }
  }

  /// The node with these bytes: one that is there, or a new one behind the others.
  private func node(
    of bytes: UnsafeRawPointer, _ digest: UInt64, _ known: inout [UInt64: UInt32],
    _ placed: inout Int
  ) -> Int {
    var key = digest
    while let node = known[key] {
      if memcmp(bytes, vector(Int(node)), stride) == 0 { return Int(node) }
      // Other bytes with this digest, which is as good as impossible: the next number is theirs.
      key &+= 1
    }
    known[key] = UInt32(placed)
    vector(placed).copyMemory(from: bytes, byteCount: stride)
    placed += 1
    return placed - 1
  }

  private func vector(_ node: Int) -> UnsafeMutableRawPointer { memory.vectors + node * stride }

  private func nodesByDigest(_ threads: Int?) -> [UInt64: UInt32] {
    let count = Int(raw.count)
    let digests = ParallelRows(
      rowCount: count, dimension: dimension, block: 1_024, threads: threads
    ).collect { digest(of: vector($0)) }
    var known: [UInt64: UInt32] = [:]
    known.reserveCapacity(count)
    for (node, digest) in digests.enumerated() {
      var key = digest
      while known[key] != nil { key &+= 1 }
      known[key] = UInt32(node)
    }
    return known
  }

  private func digest(of vector: UnsafeRawPointer) -> UInt64 {
    Digest.checksum(UnsafeRawBufferPointer(start: vector, count: stride))
  }

  /// Brings rows into the form of the graph.
  ///
  /// - Returns: their digests.
  private func store(
    _ rows: [Int], of matrix: VectorMatrix, _ unit: @Sendable (Int) -> [Float]?,
    in staged: LargeMemory, _ threads: Int?
  ) -> [UInt64] {
    ParallelRows(
      rowCount: rows.count, dimension: dimension, block: 64, threads: threads
    ).collect { place in
      let target = staged.start + place * stride
      // What fills the last cache line counts in the digest.
      target.initializeMemory(as: UInt8.self, repeating: 0, count: stride)
      store(rows[place], of: matrix, unit, to: target)
      return digest(of: target)
    }
  }

  private func store(
    _ row: Int, of matrix: VectorMatrix, _ unit: (Int) -> [Float]?,
    to target: UnsafeMutableRawPointer
  ) {
    if let scaled = unit(row) {
      return kernel.store(
        scaled, count: dimension, as: options.storage, scale: scale, to: target)
    }
    matrix.withValues { values in
      guard let values = values.baseAddress else { return }
      kernel.store(
        values + row * dimension, count: dimension, as: options.storage, scale: scale, to: target)
    }
  }

  /// Links as many nodes as lie behind the linked ones: plans by all threads, then lists by all threads.
  private func link(_ size: Int, _ threads: Int?) throws {
    guard size > 0 else { return }
    try lock.writing {
      try withUnsafePointer(to: raw) { graph in
        let first = graph.pointee.count
        try each(size, threads) { cvg_plan(graph, $1, first + UInt32($0)) }
        var links = cvg_links()
        guard cvg_collect(graph, UInt32(size), &links) else { throw Self.memoryError }
        defer { cvg_free_links(&links) }
        // Half-changed lists would be another graph: from here on the batch is finished.
        try withUnsafePointer(to: links) { links in
          try each(Int(links.pointee.group_count), threads, isCancellable: false) {
            cvg_connect(graph, $1, links, UInt32($0))
          }
        }
      }
      cvg_finish(&raw, UInt32(size))
    }
  }

  private func each(
    _ count: Int, _ threads: Int?, isCancellable: Bool = true,
    _ body: (Int, OpaquePointer) -> Bool
  ) throws {
    let isCancelled = Atomic(false)
    let isFull = Atomic(false)
    let parts = ParallelRows(
      rowCount: count, dimension: count < 16 ? 1 : 1_000_000, block: 4, threads: threads)
    withoutActuallyEscaping(body) { body in
      let shared = SharedBody(body: body)
      _ = parts.run {
        scratches.take()
      } _: { scratch, range in
        for number in range {
          // The calling thread, which works as well, knows whether its task was cancelled.
          if isCancellable, Task.isCancelled { isCancelled.store(true, ordering: .relaxed) }
          if isCancelled.load(ordering: .relaxed) { return }
          guard let scratch, shared.body(number, scratch.pointer) else {
            return isFull.store(true, ordering: .relaxed)
          }
        }
      }.map { scratches.give($0) }
    }
    if isCancelled.load(ordering: .relaxed) { throw ParallaxError(.cancelled, "cancelled") }
    if isFull.load(ordering: .relaxed) { throw Self.memoryError }
  }

  /// `@unchecked Sendable`: what it calls is made for several threads.
  private struct SharedBody: @unchecked Sendable {
    var body: (Int, OpaquePointer) -> Bool
  }

  private static var memoryError: ParallaxError {
    ParallaxError(.index, "the index fails: out of memory")
  }

  /// Makes room, moving what is there if need be.
  private func reserve(_ members: Int) {
    guard members > memory.capacity else { return }
    let larger = GraphMemory(capacity: members, options.connectivity, stride)
    larger.copy(memory, count: Int(raw.count))
    memory = larger
    memory.place(in: &raw)
  }

  // MARK: - Searching

  /// A node that was found.
  struct Found: Sendable {
    var node: Int
    /// From the query, in the form of the graph.
    var distance: Float
  }

  /// The nodes nearest a unit vector, nearest first.
  ///
  /// - Parameters:
  ///   - expansion: candidates held, ef in the papers; at least `count` are.
  ///   - rows: those behind each node; nodes beyond have none.
  ///   - allowed: rows that count; `nil` for all.
  /// - Returns: at most `count`; fewer where the walk met no more, which a filter makes likely.
  /// - Throws: `index`.
  func nearest(
    to query: [Float], count: Int, expansion: Int, rows: NodeRows, allowed: RowSet? = nil
  ) throws -> [Found] {
    precondition(query.count == dimension, "a query of another kind")
    let stored = LargeMemory(count: stride)
    let place = stored.start
    guard let scratch = scratches.take() else { throw Self.memoryError }
    defer { scratches.give(scratch) }
    kernel.store(query, count: dimension, as: options.storage, scale: scale, to: place)
    return try lock.reading {
      let most = min(count, Int(raw.count))
      var nodes = [UInt32](repeating: 0, count: most)
      var distances = [Float](repeating: 0, count: most)
      let found = rows.withRaw(allowed) { rows in
        withUnsafePointer(to: raw) {
          cvg_search($0, scratch.pointer, place, most, expansion, rows, &nodes, &distances)
        }
      }
      guard found >= 0 else { throw Self.memoryError }
      return (0..<found).map { Found(node: Int(nodes[$0]), distance: distances[$0]) }
    }
  }
}
