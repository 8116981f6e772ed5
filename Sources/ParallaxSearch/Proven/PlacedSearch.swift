internal import ParallaxCore

extension ExactIndex {
  /// What is asked of a search with proof.
  struct Ask {
    var query: PreparedQuery
    var count: Int
    var allowed: RowSet?
    var least: Float?
  }

  /// What codes on axes leave of all rows.
  struct Narrowed {
    /// Rows whose exact scores gave the floor.
    var first: [Int]
    /// No row below it is among the best; `nil` where every row may be.
    var floor: Float?
    /// Rows that are not bounded below the floor, in ascending order; `nil` for too many.
    var rows: [Int]?
  }

  /// Bounds every row by its codes on axes, and rules out those below the floor that the most promising ones set.
  func narrowed(_ ask: Ask, by placed: PlacedRows) -> Narrowed {
    let (bounds, first) = bounds(ask, by: placed)
    let best = rescored(first, ask.query, ask.count, ask.least)
    let floor = best.count == ask.count ? best.last?.score : ask.least
    let least = floor ?? -.greatestFiniteMagnitude
    let rows = ParallelRows(rowCount: rowCount, dimension: 16, block: 16_384, threads: threads)
    let found = rows.run {
      (rows: [Int](), positions: [UInt32](repeating: 0, count: rows.block))
    } _: { state, range in
      bounds.withUnsafeBufferPointer { bounds in
        guard let bounds = bounds.baseAddress else { return }
        let found = kernel.select(
          bounds + range.lowerBound, count: range.count, least: least, positions: &state.positions)
        state.rows.append(contentsOf: state.positions[..<found].map { range.lowerBound + Int($0) })
      }
    }.flatMap(\.rows)
    let isFew = Double(found.count) <= Self.mostPlaced * Double(rowCount)
    return Narrowed(first: first, floor: floor, rows: isFew ? found.sorted() : nil)
  }

  /// The bounds of all rows, -infinity for those that are not allowed, and the rows with the highest ones, in ascending order.
  private func bounds(_ ask: Ask, by placed: PlacedRows) -> (bounds: [Float], first: [Int]) {
    let query = placed.placed(ask.query, kernel)
    let rows = ParallelRows(
      rowCount: rowCount, dimension: placed.axes.width, block: 4_096, threads: threads)
    let capacity = min(rowCount, 2 * ask.count + 16)
    var states: [(best: TopHits, positions: [UInt32])] = []
    let bounds = [Float](unsafeUninitializedCapacity: placed.placeCount) { bounds, filled in
      filled = placed.placeCount
      guard let start = bounds.baseAddress else { return }
      nonisolated(unsafe) let all = start
      states = rows.run {
        (best: TopHits(capacity: capacity), positions: Array(repeating: 0, count: ScanState.step))
      } _: { state, range in
        placed.bound(query, range, kernel, to: all + range.lowerBound)
        if let allowed = ask.allowed {
          for row in range where !allowed.contains(row) { all[row] = -.infinity }
        }
        ScanState.keep(
          range, all + range.lowerBound, ask.least, kernel, in: &state.best, &state.positions)
      }
    }
    var best = TopHits(capacity: capacity)
    for state in states { best.merge(state.best) }
    return (bounds, best.sorted().map(\.row).sorted())
  }
}
