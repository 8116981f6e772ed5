package import ParallaxCore
internal import ParallaxStatistics
private import Synchronization

/// Finds pairs of rows through a graph: approximate, with the recall measured on a sample of the rows.
///
/// Each row asks for its nearest rows, for twice as many as long as all of them reach the floor. A pair counts when
/// either of its rows finds the other. Scores are those of ``PairJoin``, bit for bit.
package struct GraphPairs: Sendable {
  private let graph: GraphIndex
  private let matrix: VectorMatrix
  private let cosines: RowCosines
  private let floor: Float
  private let threads: Int?

  /// How many of the pairs of sampled rows were found.
  package struct Recall: Sendable, Hashable {
    package var rows: Int
    /// Pairs in which one of the sampled rows is, and how many of them were found.
    package var wanted: Int
    package var found: Int

    package var share: Double { wanted == 0 ? 1 : Double(found) / Double(wanted) }

    /// The lower end of the one-sided 95 % interval, which takes pairs as independent.
    package var lowerBound: Double {
      ClopperPearson.lowerBound(successes: found, trials: wanted, confidence: 0.95)
    }
  }

  /// Neighbours that a row asks for at first.
  private static let fewest = 16

  /// - Parameters:
  ///   - graph: over the rows of the matrix.
  ///   - floor: the least cosine of a pair, from -1 to 1.
  ///   - threads: at most this many; `nil` for one a processor.
  package init(
    _ graph: GraphIndex, over matrix: VectorMatrix, floor: Float, threads: Int? = nil
  ) {
    self.graph = graph
    self.matrix = matrix
    self.floor = floor
    self.threads = threads
    cosines = RowCosines(matrix, threads: threads)
  }

  /// - Parameters:
  ///   - stop: ends the search within some milliseconds.
  ///   - step: called now and then with how many rows have asked, and with the pairs that the last of them found as their
  ///     lower rows, so that none comes twice; from one thread at a time.
  /// - Returns: by left and then by right row, left < right, each once.
  /// - Throws: what the graph and `step` throw; `CancellationError` when it was stopped.
  package func run(
    expansion: Int, until stop: ScanStop? = nil,
    step: @escaping @Sendable (_ rows: Int, _ found: [RowPair]) throws -> Void = { _, _ in }
  ) throws -> [RowPair] {
    let halt = ScanStop(within: stop)
    let state = Mutex<(done: Int, failure: (any Error)?)>((0, nil))
    // A walk reads far more than one row.
    let rows = ParallelRows(
      rowCount: matrix.rowCount, dimension: matrix.dimension * 1_000, block: 64, threads: threads)
    let found = rows.run(until: halt) {
      [RowPair]()
    } _: { pairs, range in
      do {
        var lower: [RowPair] = []
        for row in range {
          guard !halt.isStopped else { return }
          let own = try self.pairs(of: row, expansion)
          pairs += own
          lower += own.filter { Int($0.left) == row }
        }
        try state.withLock {
          $0.done += range.count
          try step($0.done, lower)
        }
      } catch {
        state.withLock { $0.failure = $0.failure ?? error }
        halt.stop()
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
    try halt.check()
    var pairs = found.flatMap(\.self)
    pairs.sort { ($0.left, $0.right) < ($1.left, $1.right) }
    var kept = 0
    for place in pairs.indices where place == 0 || pairs[place] != pairs[kept - 1] {
      pairs[kept] = pairs[place]
      kept += 1
    }
    pairs.removeSubrange(kept...)
    return pairs
  }

  private func pairs(of row: Int, _ expansion: Int) throws -> [RowPair] {
    let own = matrix.row(row)
    guard own.contains(where: { $0 != 0 }) else { return [] }
    var count = Self.fewest
    while true {
      let hits = try graph.nearest(to: own, count: count, expansion: max(expansion, count)).hits
      // Its score may differ in the last bit from that of the pair.
      if count < matrix.rowCount, let last = hits.last, last.score >= floor.nextDown.nextDown {
        count *= 2
        continue
      }
      return hits.compactMap { hit in
        guard hit.row != row, let score = cosines.cosine(row, hit.row), score >= floor else {
          return nil
        }
        return RowPair(
          left: Int32(min(row, hit.row)), right: Int32(max(row, hit.row)), score: score)
      }
    }
  }

  /// Compares what was found with all pairs of some rows, drawn evenly over all.
  ///
  /// - Parameter pairs: as ``run(expansion:until:step:)`` gives them.
  /// - Throws: `CancellationError` when it was stopped.
  package func recall(
    of pairs: [RowPair], sample: Int, until stop: ScanStop? = nil
  ) throws -> Recall {
    let count = min(sample, matrix.rowCount)
    let drawn = (0..<count).map { $0 * matrix.rowCount / max(1, count) }
    let own = VectorMatrix(rowCount: count, dimension: matrix.dimension) { values in
      for (place, row) in drawn.enumerated() {
        for (index, value) in matrix.row(row).enumerated() {
          values[place * matrix.dimension + index] = value
        }
      }
    }
    let wanted = Mutex<Set<RowPair>>([])
    // A pair has the score that its lower row gives, which may differ in the last bit.
    let join = PairJoin(own, with: matrix, floor: floor.nextDown.nextDown, threads: threads)
    _ = try join.run(until: stop) { found in
      for pair in found {
        let (row, other) = (drawn[Int(pair.left)], Int(pair.right))
        guard row != other, let score = cosines.cosine(row, other), score >= floor else { continue }
        let pair = RowPair(
          left: Int32(min(row, other)), right: Int32(max(row, other)), score: score)
        wanted.withLock { _ = $0.insert(pair) }
      }
    }
    let all = wanted.withLock { $0 }
    return Recall(rows: count, wanted: all.count, found: pairs.count { all.contains($0) })
  }
}
