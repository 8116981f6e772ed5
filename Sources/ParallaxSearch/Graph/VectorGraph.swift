private import CUSearch
private import Dispatch
package import ParallaxCore
private import ParallaxMemory
private import Synchronization

/// A hierarchical navigable small-world graph (Malkov and Yashunin, 2018) over unit vectors, by USearch's
/// headers with the kernels of this module.
///
/// Nodes are numbered from 0 in the order in which they are added, and never removed: what is gone
/// is passed over by the map from nodes to rows that a search brings along.
///
/// `@unchecked Sendable`: the graph is reached under a read/write lock, since USearch crashes when it
/// is searched while it grows from nothing.
package final class VectorGraph: @unchecked Sendable {
  package let dimension: Int
  package let options: GraphOptions
  /// What an int8 code counts for; 1 for other storages.
  package let scale: Float

  private let graph: OpaquePointer
  private let lock = ReadWriteLock()
  private let slots: ThreadSlots
  private let kernel: Kernel
  /// Whether it lies in a mapped file, which cannot grow.
  package let isMapped: Bool

  /// An empty graph.
  ///
  /// - Parameter scale: the largest value over 127 for int8; 1 for other storages.
  /// - Throws: `index`.
  package init(dimension: Int, options: GraphOptions, scale: Float = 1) throws {
    self.dimension = dimension
    self.options = options
    self.scale = scale
    kernel = .best
    slots = ThreadSlots()
    isMapped = false
    var raw = kernel.graphOptions(dimension, options)
    graph = try Self.checked { cus_make(&raw, $0, $1, $2) }
    try reserve(0)
  }

  /// A saved graph, of a file that was verified: a damaged one may crash the process.
  ///
  /// - Throws: `damaged-index`.
  init(
    verifiedFileAt path: String, dimension: Int, options: GraphOptions, scale: Float, mapped: Bool
  )
    throws
  {
    self.dimension = dimension
    self.options = options
    self.scale = scale
    kernel = .best
    let slots = ThreadSlots()
    self.slots = slots
    isMapped = mapped
    var raw = kernel.graphOptions(dimension, options)
    do {
      graph = try Self.checked { cus_open(&raw, path, mapped, slots.count, $0, $1, $2) }
    } catch let error as ParallaxError {
      throw ParallaxError(.damagedIndex, "cannot open the index file '\(path)': \(error.message)")
    }
  }

  deinit { cus_free(graph) }

  package var count: Int { lock.reading { cus_size(graph) } }
  /// Bytes held, those of a mapped file included.
  package var byteCount: Int { lock.reading { cus_memory(graph) } }

  /// Adds rows of a matrix as the next nodes, on all processors.
  ///
  /// - Parameter progress: hears the number of rows added so far.
  /// - Throws: `index`; `cancelled` after a whole number of `step` rows.
  package func add(
    _ rows: [Int], of matrix: VectorMatrix, progress: (Int) -> Void = { _ in }
  ) throws {
    precondition(matrix.dimension == dimension && !isMapped, "rows of another kind")
    let first = count
    try lock.writing { try reserve(first + rows.count) }
    let step = 4_096
    for start in stride(from: 0, to: rows.count, by: step) {
      guard !Task.isCancelled else { throw ParallaxError(.cancelled, "cancelled") }
      let part = Array(rows[start..<min(start + step, rows.count)])
      try lock.writing { try add(part, of: matrix, from: first + start) }
      progress(start + part.count)
    }
  }

  private func add(_ rows: [Int], of matrix: VectorMatrix, from first: Int) throws {
    let failure = Mutex<ParallaxError?>(nil)
    let parts = ParallelRows(
      rowCount: rows.count, dimension: rows.count < 64 ? 1 : 1_000_000, block: 16, threads: nil)
    _ = parts.run {
      [UInt8](repeating: 0, count: dimension * options.storage.size)
    } _: { stored, range in
      let slot = slots.take()
      defer { slots.give(slot) }
      for place in range {
        stored.withUnsafeMutableBytes { stored in
          guard let target = stored.baseAddress else { return }
          matrix.withValues { values in
            guard let values = values.baseAddress else { return }
            kernel.store(
              values + rows[place] * dimension, count: dimension, as: options.storage,
              scale: scale, to: target)
          }
          do {
            try Self.checked {
              cus_add(graph, UInt32(first + place), target, slot, $0, $1)
            }
          } catch {
            failure.withLock { $0 = error as? ParallaxError }
          }
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  /// Sets how many candidates a search holds, ef in the papers: at least as many as hits are wanted.
  package func setExpansion(_ expansion: Int) {
    lock.writing { cus_set_expansion(graph, expansion) }
  }

  /// The nodes nearest a unit vector, nearest first.
  ///
  /// - Parameters:
  ///   - rows: the row of each node, -1 for one that is gone; nodes beyond have none.
  ///   - allowed: rows that count; `nil` for all.
  /// - Returns: at most `count`; fewer where the walk met no more, which a filter makes likely.
  /// - Throws: `index`.
  package func nearest(
    to query: [Float], count: Int, rows: [Int32], allowed: RowSet? = nil
  ) throws -> [Int] {
    precondition(query.count == dimension, "a query of another kind")
    var stored = [UInt8](repeating: 0, count: dimension * options.storage.size)
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
            graph, stored, count, rows, rows.count, nil, slot, &nodes, &found, message, capacity)
        }
        return allowed.words.withUnsafeBufferPointer {
          cus_search(
            graph, stored, count, rows, rows.count, $0.baseAddress, slot, &nodes, &found, message,
            capacity)
        }
      }
    }
    return nodes[..<found].map(Int.init)
  }

  func save(to path: String) throws {
    try lock.reading { try Self.checked { cus_save(graph, path, $0, $1) } }
  }

  private func reserve(_ members: Int) throws {
    try Self.checked { cus_reserve(graph, members, slots.count, $0, $1) }
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

/// Numbers for threads inside USearch, each held by one at a time.
private final class ThreadSlots: Sendable {
  let count = max(16, 2 * ParallelRows.processors)
  private let free: Mutex<[Int]>
  private let available: DispatchSemaphore

  init() {
    free = Mutex(Array(0..<count))
    available = DispatchSemaphore(value: count)
  }

  func take() -> Int {
    available.wait()
    return free.withLock { $0.removeLast() }
  }

  func give(_ slot: Int) {
    free.withLock { $0.append(slot) }
    available.signal()
  }
}

extension Kernel {
  fileprivate func graphOptions(_ dimension: Int, _ options: GraphOptions) -> cus_options {
    let scalar =
      switch options.storage {
      case .f32: CUS_F32
      case .f16: CUS_F16
      case .bf16: CUS_BF16
      case .i8: CUS_I8
      }
    return cus_options(
      dimension: dimension, connectivity: options.connectivity,
      expansion_add: options.expansionAdd, scalar: scalar, distance: distance(options.storage))
  }
}
