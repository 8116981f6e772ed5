package import ParallaxCore

/// Searches a Matryoshka space at several of its dimensions in one pass over the rows.
///
/// The answer at each dimension is that of an ``ExactIndex`` over the cut rows and the cut query, by
/// cosine: a prefix of a unit vector is not one itself.
package struct PrefixIndex: Sendable {
  package let dimensions: [Int]
  private let index: ExactIndex
  /// Of each row's prefix, by dimension.
  private let lengths: [RowLengths]

  /// - Parameter dimensions: ascending, at least 1, at most that of the matrix.
  /// - Throws: `invalid-value` naming what is allowed.
  package init(
    matrix: VectorMatrix, dimensions: [Int], kernel: Kernel = .best, threads: Int? = nil
  ) throws {
    let allowed = 1...matrix.dimension
    guard !dimensions.isEmpty, dimensions.allSatisfy(allowed.contains),
      zip(dimensions, dimensions.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw ParallaxError(
        .invalidValue,
        "dimensions to search at ascend from 1 to \(matrix.dimension); got \(dimensions)")
    }
    self.dimensions = dimensions
    index = ExactIndex(matrix: matrix, similarity: .dot, kernel: kernel, threads: threads)
    lengths = dimensions.map { RowLengths(of: matrix, dimension: $0, kernel, threads) }
  }

  /// One answer a dimension.
  ///
  /// - Throws: `invalid-value` for a query of another dimension or without a direction.
  package func nearest(
    to query: [Float], count: Int, allowed: RowSet? = nil
  ) throws -> [[SearchHit]] {
    try nearest(to: [query], count: count, allowed: allowed)[0]
  }

  /// For each query one answer a dimension: that of the query alone, found in one pass.
  ///
  /// - Throws: as for one query; `CancellationError` when it was stopped.
  package func nearest(
    to queries: [[Float]], count: Int, allowed: RowSet? = nil, until stop: ScanStop? = nil
  ) throws -> [[[SearchHit]]] {
    let packed = Queries(try queries.map(prepared))
    let capacity = min(count, index.rowCount)
    let rows = ParallelRows(
      rowCount: index.rowCount, dimension: index.dimension * queries.count,
      block: max(256, 2_048 / max(1, queries.count / 2)), threads: index.threads)
    let states = rows.run(until: stop) {
      ScanState(
        queries: dimensions.count * queries.count, capacity: capacity, block: rows.block)
    } _: { state, range in
      state.scores.withUnsafeMutableBufferPointer { scores in
        guard let scores = scores.baseAddress else { return }
        scan(packed, range, allowed, scores, stride: rows.block)
      }
      state.keep(range, rows.block, nil, index.kernel)
    }
    try stop?.check()
    return queries.indices.map { query in
      dimensions.indices.map { place in
        var best = TopHits(capacity: capacity)
        for state in states { best.merge(state.hits[place * queries.count + query]) }
        return best.sorted()
      }
    }
  }

  /// - Throws: `invalid-value` for a query that cannot be compared at some dimension.
  package func check(_ query: [Float]) throws { _ = try prepared(query) }

  private struct Prepared {
    var values: [Float]
    /// 1 / length of each prefix, `nil` for one that only double precision sees.
    var factors: [Double?]
  }

  /// Queries of one pass, one after another in memory.
  private struct Queries: Sendable {
    let values: [Float]
    /// By query and dimension.
    let factors: [[Double?]]

    init(_ queries: [Prepared]) {
      values = queries.flatMap(\.values)
      factors = queries.map(\.factors)
    }
  }

  private func prepared(_ query: [Float]) throws -> Prepared {
    _ = try index.prepared(query)
    guard let query = PreparedQuery(direction: query, index.kernel) else {
      throw ParallaxError(.invalidValue, "a zero vector has no direction to compare")
    }
    return Prepared(
      values: query.values, factors: try dimensions.map { try factor(of: query.values, $0) })
  }

  private func factor(of query: [Float], _ dimension: Int) throws -> Double? {
    let prefix = query.prefix(dimension)
    guard prefix.contains(where: { $0 != 0 }) else {
      throw ParallaxError(
        .invalidValue, "the first \(dimension) numbers of the query are zero: no direction")
    }
    let square = Array(prefix).withUnsafeBufferPointer { index.kernel.square($0) }
    return RowLengths.usual.contains(square) ? 1 / Double(square).squareRoot() : nil
  }

  private func scan(
    _ queries: Queries, _ range: Range<Int>, _ allowed: RowSet?,
    _ scores: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let count = queries.factors.count
    index.withPart(range, allowed) { part in
      queries.values.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        index.kernel.scanPrefixes(
          part, queries: values, count: count, cuts: dimensions, scores: scores, stride: stride)
      }
    }
    for place in dimensions.indices {
      for query in 0..<count {
        finish(
          scores + (place * count + query) * stride, range, allowed, place,
          queries.factors[query][place],
          queries.values[query * index.dimension..<(query + 1) * index.dimension])
      }
    }
  }

  /// From dot products with a query's prefix to cosines.
  private func finish(
    _ scores: UnsafeMutablePointer<Float>, _ range: Range<Int>, _ allowed: RowSet?, _ place: Int,
    _ factor: Double?, _ query: ArraySlice<Float>
  ) {
    if let factor {
      lengths[place].inverses.withUnsafeBufferPointer {
        guard let inverses = $0.baseAddress else { return }
        index.kernel.cosines(
          scores, rows: inverses + range.lowerBound, query: factor, count: range.count)
      }
    }
    let extreme = factor == nil ? Array(range) : lengths[place].extreme(in: range)
    let prefix = extreme.isEmpty ? [] : Array(query.prefix(dimensions[place]))
    for row in extreme where allowed?.contains(row) ?? true {
      let values = Array(index.matrix.row(row).prefix(dimensions[place]))
      scores[row - range.lowerBound] = Float(Vector.cosine(prefix, values) ?? 0)
    }
  }
}
