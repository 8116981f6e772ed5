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
    _ = try index.prepared(query)
    guard let query = PreparedQuery(direction: query, index.kernel) else {
      throw ParallaxError(.invalidValue, "a zero vector has no direction to compare")
    }
    let factors = try dimensions.map { try factor(of: query.values, $0) }
    let capacity = min(count, index.rowCount)
    let rows = ParallelRows(
      rowCount: index.rowCount, dimension: index.dimension, block: 2_048, threads: index.threads)
    let states = rows.run {
      ScanState(queries: dimensions.count, capacity: capacity, block: rows.block)
    } _: { state, range in
      state.scores.withUnsafeMutableBufferPointer { scores in
        guard let scores = scores.baseAddress else { return }
        scan(query.values, factors, range, allowed, scores, stride: rows.block)
      }
      state.keep(range, rows.block, nil, index.kernel)
    }
    return dimensions.indices.map { place in
      var best = TopHits(capacity: capacity)
      for state in states { best.merge(state.hits[place]) }
      return best.sorted()
    }
  }

  /// 1 / length of a prefix of the query, `nil` for one that only double precision sees.
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
    _ query: [Float], _ factors: [Double?], _ range: Range<Int>, _ allowed: RowSet?,
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
      if let factor = factors[place] {
        lengths[place].inverses.withUnsafeBufferPointer {
          guard let inverses = $0.baseAddress else { return }
          index.kernel.cosines(
            own, rows: inverses + range.lowerBound, query: factor, count: range.count)
        }
      }
      let extreme = factors[place] == nil ? Array(range) : lengths[place].extreme(in: range)
      let prefix = extreme.isEmpty ? [] : Array(query.prefix(dimensions[place]))
      for row in extreme where allowed?.contains(row) ?? true {
        let values = Array(index.matrix.row(row).prefix(dimensions[place]))
        own[row - range.lowerBound] = Float(Vector.cosine(prefix, values) ?? 0)
      }
    }
  }
}
