private import CUSearch
package import ParallaxCore
internal import ParallaxMemory
private import Synchronization

/// A hierarchical navigable small-world graph (Malkov and Yashunin, 2018) over unit vectors, by USearch's
/// headers with the kernels of this module.
///
/// Nodes are numbered from 0 and never removed: what is gone is passed over by the map from nodes to
/// rows that a search brings along.
///
/// `@unchecked Sendable`: the graph is reached under a read/write lock, since USearch crashes when it
/// is searched while it grows from nothing.
package final class VectorGraph: @unchecked Sendable {
  package let dimension: Int
  package let options: GraphOptions
  /// What an int8 code counts for; 1 for other storages.
  package let scale: Float
  /// Whether it lies in the bytes of a file, which cannot grow.
  package let isFixed: Bool

  private let graph: OpaquePointer
  private let lock = ReadWriteLock()
  private let slots = ThreadSlots()
  private let kernel = Kernel.best
  /// The vectors by node.
  private var vectors: LargeMemory
  /// Where the vectors begin: in `vectors`, or within the file's bytes.
  private var start: UnsafeMutableRawPointer?
  /// Keeps the bytes of a file.
  private let file: LargeMemory?

  /// Bytes of a vector, whole cache lines.
  static func stride(_ dimension: Int, _ storage: GraphStorage) -> Int {
    (dimension * storage.size + 63) / 64 * 64
  }

  var stride: Int { Self.stride(dimension, options.storage) }

  /// An empty graph.
  ///
  /// - Parameter scale: the largest value over 127 for int8; 1 for other storages.
  /// - Throws: `index`.
  package init(dimension: Int, options: GraphOptions, scale: Float = 1) throws {
    self.dimension = dimension
    self.options = options
    self.scale = scale
    isFixed = false
    file = nil
    vectors = LargeMemory(count: 0)
    start = vectors.bytes.baseAddress
    var raw = kernel.graphOptions(dimension, options)
    graph = try Self.checked { cus_make(&raw, $0, $1, $2) }
  }

  /// The graph of a file that was verified: damaged bytes may crash the process.
  ///
  /// - Parameters:
  ///   - file: `graphCount` bytes of the graph, then, from a multiple of 64 on, the vectors.
  ///   - isFixed: whether it stays in these bytes and never grows.
  /// - Throws: `index`.
  init(
    verified file: LargeMemory, graphCount: Int, nodeCount: Int, dimension: Int,
    options: GraphOptions, scale: Float, isFixed: Bool
  ) throws {
    self.dimension = dimension
    self.options = options
    self.scale = scale
    self.isFixed = isFixed
    let size = nodeCount * Self.stride(dimension, options.storage)
    let offset = Self.vectorOffset(graphCount)
    guard let bytes = file.bytes.baseAddress, file.bytes.count >= offset + size else {
      throw ParallaxError(.index, "the index fails: its file is too short")
    }
    if isFixed {
      self.file = file
      vectors = LargeMemory(count: 0)
      start = bytes + offset
    } else {
      self.file = nil
      vectors = LargeMemory(count: size)
      start = vectors.bytes.baseAddress
      start?.copyMemory(from: bytes + offset, byteCount: size)
    }
    var raw = kernel.graphOptions(dimension, options)
    let (slotCount, place) = (slots.count, start)
    graph = try Self.checked {
      cus_open(&raw, bytes, graphCount, place, !isFixed, slotCount, $0, $1, $2)
    }
  }

  deinit { cus_free(graph) }

  /// Where vectors begin after the bytes of a graph.
  static func vectorOffset(_ graphCount: Int) -> Int { (graphCount + 63) / 64 * 64 }

  package var count: Int { lock.reading { cus_size(graph) } }

  /// Bytes held.
  package var byteCount: Int {
    // A file's bytes hold links and vectors.
    lock.reading { cus_memory(graph) + (file?.bytes.count ?? cus_size(graph) * stride) }
  }

  /// Adds rows of a matrix, on all processors.
  ///
  /// - Parameters:
  ///   - scales: 1 / length of each row of the matrix; `nil` where all have unit length.
  ///   - progress: hears the number of rows added so far.
  /// - Returns: the node of each row.
  /// - Throws: `index`; `cancelled`, with some rows added.
  package func add(
    _ rows: [Int], of matrix: VectorMatrix, scales: [Float]? = nil,
    progress: (Int) -> Void = { _ in }
  ) throws -> [Int] {
    precondition(matrix.dimension == dimension && !isFixed, "rows of another kind")
    try lock.writing { try reserve(cus_size(graph) + rows.count) }
    var nodes: [Int] = []
    let step = 4_096
    for start in Swift.stride(from: 0, to: rows.count, by: step) {
      guard !Task.isCancelled else { throw ParallaxError(.cancelled, "cancelled") }
      let part = Array(rows[start..<min(start + step, rows.count)])
      nodes += try lock.writing { try add(part, of: matrix, scales) }
      progress(start + part.count)
    }
    return nodes
  }

  private func add(
    _ rows: [Int], of matrix: VectorMatrix, _ scales: [Float]?
  ) throws -> [Int] {
    let failure = Mutex<ParallaxError?>(nil)
    let parts = ParallelRows(
      rowCount: rows.count, dimension: rows.count < 64 ? 1 : 1_000_000, block: 16, threads: nil)
    let states = parts.run {
      AddState(stored: [UInt8](repeating: 0, count: stride))
    } _: { state, range in
      let slot = slots.take()
      defer { slots.give(slot) }
      for place in range {
        do {
          let node = try add(
            row: rows[place], of: matrix, scales?[rows[place]] ?? 1, slot, &state.stored)
          state.nodes.append((place, node))
        } catch {
          failure.withLock { $0 = error as? ParallaxError }
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return states.flatMap(\.nodes).sorted { $0.place < $1.place }.map { $0.node }
  }

  private struct AddState: Sendable {
    var stored: [UInt8]
    var nodes: [(place: Int, node: Int)] = []
  }

  private func add(
    row: Int, of matrix: VectorMatrix, _ factor: Float, _ slot: Int, _ stored: inout [UInt8]
  ) throws -> Int {
    var node: UInt32 = 0
    let scaled = factor == 1 ? nil : matrix.row(row).map { $0 * factor }
    try stored.withUnsafeMutableBytes { stored in
      guard let target = stored.baseAddress else { return }
      matrix.withValues { values in
        guard let values = values.baseAddress else { return }
        if let scaled {
          kernel.store(
            scaled, count: dimension, as: options.storage, scale: scale, to: target)
        } else {
          kernel.store(
            values + row * dimension, count: dimension, as: options.storage, scale: scale,
            to: target)
        }
      }
      try Self.checked { cus_add(graph, target, slot, &node, $0, $1) }
    }
    return Int(node)
  }

  /// The nodes nearest a unit vector, nearest first.
  ///
  /// - Parameters:
  ///   - expansion: candidates held, ef in the papers; at least `count` are.
  ///   - rows: the row of each node, -1 for one that is gone; nodes beyond have none.
  ///   - allowed: rows that count; `nil` for all.
  /// - Returns: at most `count`; fewer where the walk met no more, which a filter makes likely.
  /// - Throws: `index`.
  package func nearest(
    to query: [Float], count: Int, expansion: Int, rows: [Int32], allowed: RowSet? = nil
  ) throws -> [Int] {
    precondition(query.count == dimension, "a query of another kind")
    var stored = [UInt8](repeating: 0, count: stride)
    stored.withUnsafeMutableBytes { stored in
      query.withUnsafeBufferPointer { query in
        guard let target = stored.baseAddress, let query = query.baseAddress else { return }
        kernel.store(query, count: dimension, as: options.storage, scale: scale, to: target)
      }
    }
    var nodes = [UInt32](repeating: 0, count: count)
    var found = 0
    let slot = slots.take()
    defer { slots.give(slot) }
    try lock.reading {
      try Self.checked { message, capacity in
        guard let allowed else {
          return cus_search(
            graph, stored, count, expansion, rows, rows.count, nil, slot, &nodes, &found, message,
            capacity)
        }
        return allowed.words.withUnsafeBufferPointer {
          cus_search(
            graph, stored, count, expansion, rows, rows.count, $0.baseAddress, slot, &nodes, &found,
            message, capacity)
        }
      }
    }
    return nodes[..<found].map(Int.init)
  }

  /// Hands the bytes of the graph over in pieces, then those of the vectors.
  ///
  /// - Parameter write: whether it could.
  /// - Returns: the bytes of the graph alone.
  /// - Throws: `index`.
  func save(_ write: (UnsafeRawBufferPointer) -> Bool) throws -> Int {
    try lock.reading {
      var written = 0
      try withoutActuallyEscaping(write) { write in
        var sink = Sink(write: write)
        try withUnsafeMutablePointer(to: &sink) { sink in
          try Self.checked { message, capacity in
            cus_save(
              graph,
              { context, bytes, count in
                guard let sink = context?.assumingMemoryBound(to: Sink.self) else { return false }
                sink.pointee.count += count
                return sink.pointee.write(UnsafeRawBufferPointer(start: bytes, count: count))
              }, sink, message, capacity)
          }
          written = sink.pointee.count
        }
      }
      let padding = [UInt8](repeating: 0, count: Self.vectorOffset(written) - written)
      let size = cus_size(graph) * stride
      guard padding.withUnsafeBytes(write),
        write(UnsafeRawBufferPointer(start: start, count: size))
      else { throw ParallaxError(.index, "the index cannot be written") }
      return written
    }
  }

  private struct Sink {
    var write: (UnsafeRawBufferPointer) -> Bool
    var count = 0
  }

  /// Makes room, moving the vectors if need be.
  private func reserve(_ members: Int) throws {
    let size = members * stride
    if size > vectors.bytes.count {
      let larger = LargeMemory(count: size)
      if let start {
        larger.bytes.baseAddress?.copyMemory(from: start, byteCount: cus_size(graph) * stride)
      }
      vectors = larger
      start = larger.bytes.baseAddress
    }
    let place = start
    try Self.checked { cus_reserve(graph, place, members, slots.count, $0, $1) }
  }

  private static func checked(
    _ body: (UnsafeMutablePointer<CChar>?, Int) -> Int32
  ) throws {
    var message = [CChar](repeating: 0, count: 256)
    guard message.withUnsafeMutableBufferPointer({ body($0.baseAddress, $0.count) }) != 0 else {
      return
    }
    let text = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    throw ParallaxError(.index, "the index fails: \(text)")
  }

  private static func checked(
    _ body: (UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<CChar>?, Int) -> Int32
  ) throws -> OpaquePointer {
    var made: OpaquePointer?
    try checked { body(&made, $0, $1) }
    guard let made else { throw ParallaxError(.index, "the index fails: nothing was made") }
    return made
  }
}

extension Kernel {
  fileprivate func graphOptions(_ dimension: Int, _ options: GraphOptions) -> cus_options {
    cus_options(
      dimension: dimension, connectivity: options.connectivity,
      expansion_add: options.expansionAdd,
      stride: VectorGraph.stride(dimension, options.storage), distance: distance(options.storage))
  }
}
