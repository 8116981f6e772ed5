package import ParallaxCore

extension ExactIndex {
  /// An answer and how it was found.
  package struct Proven: Sendable, Hashable {
    package var hits: [SearchHit]
    /// Rows whose exact score was computed; all of them when the bounds were too loose to help.
    package var rescored: Int
    package var isPlainScan: Bool
  }

  /// Beyond this share of rows, reading them one by one costs more than reading all.
  private static let largestShare = 0.08

  /// The same hits as ``nearest(to:count:allowed:minimumScore:)``, with proof: a pass over int8 codes
  /// gives each row a lower and an upper bound of its score, and every row whose upper bound reaches
  /// the k-th best lower bound is scored exactly.
  ///
  /// The bound is that of Cauchy and Schwarz on what the codes leave out: for a row x = y + r and a
  /// query q = p + e, |q·x − p·y| ≤ ‖q‖‖r‖ + ‖e‖‖y‖.
  ///
  /// - Parameter codes: of the same matrix.
  /// - Throws: as the plain scan; euclidean distances are scanned plainly.
  package func proven(
    to query: [Float], count: Int, allowed: RowSet? = nil, minimumScore: Float? = nil,
    codes: CodedRows
  ) throws -> Proven {
    // Codes of extreme rows say nothing.
    let isUsual = lengths?.extreme.isEmpty ?? true
    guard similarity != .euclidean, count > 0, rowCount > count, isUsual else {
      return try plain(query, count, allowed, minimumScore)
    }
    let prepared = try prepared(query)
    let candidates = candidates(prepared, count, allowed, minimumScore, codes)
    guard Double(candidates.count) <= Self.largestShare * Double(rowCount) else {
      return try plain(query, count, allowed, minimumScore)
    }
    return Proven(
      hits: rescored(candidates, prepared, count, minimumScore), rescored: candidates.count,
      isPlainScan: false)
  }

  private func plain(
    _ query: [Float], _ count: Int, _ allowed: RowSet?, _ minimumScore: Float?
  ) throws -> Proven {
    Proven(
      hits: try nearest(
        to: query, count: count, allowed: allowed, minimumScore: minimumScore),
      rescored: allowed?.count ?? rowCount, isPlainScan: true)
  }

  /// The bounds of one thread.
  private struct BoundState: Sendable {
    /// The best lower bounds.
    var best: TopHits
    var candidates: [(row: Int, upper: Float)] = []
    var upper: [Float]
    var lower: [Float]
    var positions: [UInt32]

    init(count: Int, block: Int) {
      best = TopHits(capacity: count)
      upper = Array(repeating: 0, count: block)
      lower = upper
      positions = Array(repeating: 0, count: block)
    }

    /// Notes the rows of a block that may belong to the best.
    mutating func collect(
      _ range: Range<Int>, _ minimumScore: Float?, _ kernel: Kernel
    ) {
      let step = 256
      for start in stride(from: 0, to: range.count, by: step) {
        let least = max(
          best.threshold ?? -.greatestFiniteMagnitude, minimumScore ?? -.greatestFiniteMagnitude)
        let found = upper.withUnsafeBufferPointer { upper in
          upper.baseAddress.map {
            kernel.select(
              $0 + start, count: min(step, range.count - start), least: least, positions: &positions
            )
          } ?? 0
        }
        for position in positions[..<found] {
          let place = start + Int(position)
          let row = range.lowerBound + place
          candidates.append((row, upper[place]))
          best.add(SearchHit(row: row, score: lower[place]))
        }
      }
    }
  }

  /// Rows that may belong to the best, in ascending order.
  private func candidates(
    _ query: PreparedQuery, _ count: Int, _ allowed: RowSet?, _ minimumScore: Float?,
    _ codes: CodedRows
  ) -> [Int] {
    let rows = ParallelRows(
      rowCount: rowCount, dimension: dimension, block: 2_048, threads: threads)
    let coded = Kernel.CodedQuery(query.values)
    let states = rows.run {
      BoundState(count: count, block: rows.block)
    } _: { state, range in
      state.upper.withUnsafeMutableBufferPointer { upper in
        state.lower.withUnsafeMutableBufferPointer { lower in
          guard let upper = upper.baseAddress, let lower = lower.baseAddress else { return }
          bounds(coded, query.factor, range, allowed, codes, upper, lower)
        }
      }
      state.collect(range, minimumScore, kernel)
    }
    var best = TopHits(capacity: count)
    for state in states { best.merge(state.best) }
    let least = max(best.threshold ?? -.infinity, minimumScore ?? -.infinity)
    return states.flatMap { $0.candidates.filter { $0.upper >= least }.map { $0.row } }.sorted()
  }

  private func bounds(
    _ query: Kernel.CodedQuery, _ factor: Double, _ range: Range<Int>, _ allowed: RowSet?,
    _ codes: CodedRows, _ upper: UnsafeMutablePointer<Float>, _ lower: UnsafeMutablePointer<Float>
  ) {
    _ = codes.withMemory { memory in
      if let allowed {
        allowed.words.withUnsafeBufferPointer {
          kernel.scan(memory, query, range, allowed: $0.baseAddress, scores: upper)
        }
      } else {
        kernel.scan(memory, query, range, allowed: nil, scores: upper)
      }
      kernel.errors(memory, query, range, errors: lower)
    }
    Kernel.bounds(upper, lower, count: range.count)
    toCosines(upper, range, factor)
    toCosines(lower, range, factor)
  }

  /// The best of some rows by their exact scores.
  func rescored(
    _ rows: [Int], _ query: PreparedQuery, _ count: Int, _ minimumScore: Float?
  ) -> [SearchHit] {
    let packed = PackedQueries([query])
    @Sendable func score(_ range: Range<Int>, into best: inout TopHits) {
      for row in rows[range] {
        var score: Float = 0
        scan(packed, row..<row + 1, nil, &score, stride: 1)
        guard score.isFinite, score >= minimumScore ?? -.infinity else { continue }
        best.add(SearchHit(row: row, score: score))
      }
    }
    var best = TopHits(capacity: count)
    let parts = ParallelRows(
      rowCount: rows.count, dimension: dimension, block: 256, threads: threads)
    if parts.threads == 1 {
      score(rows.indices, into: &best)
    } else {
      for state in parts.run({ TopHits(capacity: count) }, { score($1, into: &$0) }) {
        best.merge(state)
      }
    }
    return best.sorted()
  }
}
