package import ParallaxCore

/// Compares queries with every row: exact, in the order of memory.
///
/// Equal scores are ordered by row number, which is the order of item ids in a loaded space. An
/// answer does not depend on the processor, on the number of threads, on the other queries asked
/// with it, or on how many hits are wanted.
package struct ExactIndex: VectorIndex {
  let matrix: VectorMatrix
  let similarity: Similarity
  let kernel: Kernel
  let threads: Int?
  /// For cosines; `nil` where none are computed.
  let lengths: RowLengths?

  /// - Parameter threads: at most this many; `nil` for one a processor.
  package init(
    matrix: VectorMatrix, similarity: Similarity, kernel: Kernel = .best, threads: Int? = nil
  ) {
    self.matrix = matrix
    self.similarity = similarity
    self.kernel = kernel
    self.threads = threads
    lengths =
      similarity == .cosine
      ? RowLengths(of: matrix, dimension: matrix.dimension, kernel, threads) : nil
  }

  package var rowCount: Int { matrix.rowCount }
  package var dimension: Int { matrix.dimension }

  /// - Throws: `invalid-value` for another dimension, a value that is not finite, or the
  ///   direction of a zero vector.
  package func nearest(
    to query: [Float], count: Int, allowed: RowSet?, minimumScore: Float?
  ) throws -> [SearchHit] {
    try nearest(to: [query], count: count, allowed: allowed, minimumScore: minimumScore)[0]
  }

  /// One answer a query, in their order: each that of the query alone, found in one pass.
  ///
  /// - Throws: as for one query; `CancellationError` when it was stopped.
  package func nearest(
    to queries: [[Float]], count: Int, allowed: RowSet? = nil, minimumScore: Float? = nil,
    until stop: ScanStop? = nil
  ) throws -> [[SearchHit]] {
    let prepared = try queries.map { try self.prepared($0) }
    precondition(allowed.map { $0.capacity == rowCount } ?? true, "a filter of another matrix")
    let packed = PackedQueries(prepared)
    // The scores of a block stay in the cache.
    let rows = ParallelRows(
      rowCount: rowCount, dimension: dimension * queries.count,
      block: max(256, 4_096 / max(1, queries.count / 4)), threads: threads)
    let capacity = min(count, rowCount)
    let states = rows.run(until: stop) {
      ScanState(queries: queries.count, capacity: capacity, block: rows.block)
    } _: { state, range in
      state.scores.withUnsafeMutableBufferPointer { scores in
        guard let scores = scores.baseAddress else { return }
        scan(packed, range, allowed, scores, stride: rows.block)
      }
      state.keep(range, rows.block, minimumScore, kernel)
    }
    try stop?.check()
    return queries.indices.map { query in
      var best = TopHits(capacity: capacity)
      for state in states { best.merge(state.hits[query]) }
      return best.sorted()
    }
  }

  /// - Throws: `invalid-value` for a query that cannot be compared with these rows.
  package func check(_ query: [Float]) throws { _ = try prepared(query) }

  func prepared(_ query: [Float]) throws -> PreparedQuery {
    guard query.count == dimension else {
      throw ParallaxError(
        .invalidValue, "a query for this space has \(dimension) dimensions; got \(query.count)")
    }
    guard query.allSatisfy(\.isFinite) else {
      throw ParallaxError(.invalidValue, "a query has finite numbers only")
    }
    guard similarity == .cosine else { return PreparedQuery(query) }
    guard let prepared = PreparedQuery(direction: query, kernel) else {
      throw ParallaxError(.invalidValue, "a zero vector has no direction to compare")
    }
    return prepared
  }

  /// Final scores of a range of rows for packed queries; -infinity where a row is not allowed.
  func scan(
    _ queries: PackedQueries, _ range: Range<Int>, _ allowed: RowSet?,
    _ scores: UnsafeMutablePointer<Float>, stride: Int
  ) {
    withPart(range, allowed) { part in
      queries.values.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        kernel.scan(
          similarity, part, queries: values, count: queries.factors.count, scores: scores,
          stride: stride)
      }
    }
    for (query, factor) in queries.factors.enumerated() {
      finish(scores + query * stride, range, factor)
    }
    for row in lengths?.extreme(in: range) ?? [] where allowed?.contains(row) ?? true {
      let values = matrix.row(row)
      for query in queries.factors.indices {
        let own = Array(queries.values[query * dimension..<(query + 1) * dimension])
        scores[query * stride + row - range.lowerBound] = Float(Vector.cosine(own, values) ?? 0)
      }
    }
  }

  /// Rows of the matrix as the kernels take them.
  func withPart(_ range: Range<Int>, _ allowed: RowSet?, _ body: (Kernel.Part) -> Void) {
    matrix.withValues { values in
      guard let rows = UnsafeRawPointer(values.baseAddress) else { return }
      var part = Kernel.Part(rows: rows, dimension: dimension, range: range)
      guard let allowed else { return body(part) }
      allowed.words.withUnsafeBufferPointer {
        part.allowed = $0.baseAddress
        body(part)
      }
    }
  }

  /// From what the kernels compute to scores.
  private func finish(
    _ scores: UnsafeMutablePointer<Float>, _ range: Range<Int>, _ factor: Double
  ) {
    switch similarity {
    case .dot: break
    case .cosine: toCosines(scores, range, factor)
    case .euclidean:
      // Subtracted, so that no distance is 0 and not -0.
      for row in 0..<range.count where scores[row] >= 0 {
        scores[row] = 0 - scores[row].squareRoot()
      }
    }
  }

  /// Dot products with a query, or bounds of them, as cosines: larger ones never become smaller than others.
  func toCosines(_ scores: UnsafeMutablePointer<Float>, _ range: Range<Int>, _ factor: Double) {
    lengths?.inverses.withUnsafeBufferPointer {
      guard let inverses = $0.baseAddress else { return }
      kernel.cosines(
        scores, rows: inverses + range.lowerBound, query: factor, count: range.count)
    }
  }
}

/// Queries of one scan, one after another in memory.
struct PackedQueries: Sendable {
  let values: [Float]
  let factors: [Double]

  init(_ queries: [PreparedQuery]) {
    values = queries.flatMap(\.values)
    factors = queries.map(\.factor)
  }
}

/// What a thread of a scan has found so far, and where its scores go.
struct ScanState: Sendable {
  var hits: [TopHits]
  var scores: [Float]
  private var positions: [UInt32]

  /// While there is room everything is taken: short steps let the threshold rise early.
  static let step = 256

  init(queries: Int, capacity: Int, block: Int) {
    hits = Array(repeating: TopHits(capacity: capacity), count: queries)
    scores = Array(repeating: 0, count: max(1, queries) * block)
    positions = Array(repeating: 0, count: Self.step)
  }

  /// Takes what is good enough out of the scores of a block of rows.
  mutating func keep(_ range: Range<Int>, _ stride: Int, _ minimumScore: Float?, _ kernel: Kernel) {
    scores.withUnsafeBufferPointer { scores in
      guard let scores = scores.baseAddress else { return }
      for query in hits.indices {
        Self.keep(
          range, scores + query * stride, minimumScore, kernel, in: &hits[query], &positions)
      }
    }
  }

  /// The same from scores that lie elsewhere.
  ///
  /// - Parameter positions: with room for a step.
  static func keep(
    _ range: Range<Int>, _ scores: UnsafePointer<Float>, _ minimumScore: Float?, _ kernel: Kernel,
    in hits: inout TopHits, _ positions: inout [UInt32]
  ) {
    for start in Swift.stride(from: 0, to: range.count, by: step) {
      let least = max(
        hits.threshold ?? -.greatestFiniteMagnitude, minimumScore ?? -.greatestFiniteMagnitude)
      let from = scores + start
      let found = kernel.select(
        from, count: min(step, range.count - start), least: least, positions: &positions)
      for position in positions[..<found] {
        hits.add(
          SearchHit(row: range.lowerBound + start + Int(position), score: from[Int(position)]))
      }
    }
  }
}
