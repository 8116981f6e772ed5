package import ParallaxCore

/// Searches a Matryoshka space at several of its dimensions in one pass over the rows.
///
/// The answer at each dimension is that of an ``ExactIndex`` over the cut rows and the cut query, by
/// cosine: a prefix of a unit vector is not one itself.
package struct PrefixIndex: Sendable {
  package let dimensions: [Int]
  private let index: ExactIndex
  /// 1 / length of each row's prefix, by dimension; `nil` where all have unit length.
  private let scales: [[Float]?]

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
    scales = dimensions.map { RowScales.make(of: matrix, dimension: $0, kernel, threads) }
  }

  /// One answer a dimension.
  ///
  /// - Throws: `invalid-value` for a query of another dimension or without a direction.
  package func nearest(
    to query: [Float], count: Int, allowed: RowSet? = nil
  ) throws -> [[SearchHit]] {
    let query = try index.prepared(query)
    // Each prefix of the query is brought to unit length in the scores: one pass, one query.
    let lengths = try dimensions.map { dimension in
      let square = query.prefix(dimension).reduce(0.0) { $0 + Double($1) * Double($1) }
      guard square > 0 else {
        throw ParallaxError(
          .invalidValue, "the first \(dimension) numbers of the query are zero: no direction")
      }
      return Float(1 / square.squareRoot())
    }
    let capacity = min(count, index.rowCount)
    let rows = ParallelRows(
      rowCount: index.rowCount, dimension: index.dimension, block: 2_048, threads: index.threads)
    let states = rows.run {
      ScanState(queries: dimensions.count, capacity: capacity, block: rows.block)
    } _: { state, range in
      state.scores.withUnsafeMutableBufferPointer { scores in
        guard let scores = scores.baseAddress else { return }
        scan(query, lengths, range, allowed, scores, stride: rows.block)
      }
      state.keep(range, rows.block, nil, index.kernel)
    }
    return dimensions.indices.map { place in
      var best = TopHits(capacity: capacity)
      for state in states { best.merge(state.hits[place]) }
      return best.sorted()
    }
  }

  private func scan(
    _ query: [Float], _ lengths: [Float], _ range: Range<Int>, _ allowed: RowSet?,
    _ scores: UnsafeMutablePointer<Float>, stride: Int
  ) {
    index.withPart(range, allowed) { part in
      query.withUnsafeBufferPointer { query in
        guard let query = query.baseAddress else { return }
        index.kernel.scanPrefixes(
          part, query: query, cuts: dimensions, scores: scores, stride: stride)
      }
    }
    for place in dimensions.indices {
      let own = scores + place * stride
      for row in 0..<range.count { own[row] *= lengths[place] }
      scales[place]?.withUnsafeBufferPointer {
        guard let factors = $0.baseAddress else { return }
        Kernel.multiply(own, by: factors + range.lowerBound, count: range.count)
      }
    }
  }
}
