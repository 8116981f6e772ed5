package import ParallaxCore

extension ExactIndex {
  /// An answer and how it was found.
  package struct Proven: Sendable, Hashable {
    package var hits: [SearchHit]
    /// Rows whose exact score was computed; all of them when the bounds were too loose to help.
    package var rescored: Int
    /// Axes whose codes bounded all scores; `nil` where codes of all numbers did, or none.
    package var axes: Int?
    /// Rows whose codes of all numbers were read.
    package var coded = 0
    package var isPlainScan: Bool
  }

  /// Beyond this share of rows, reading them one by one costs more than reading all: rows in full, their codes after those
  /// on axes, and rows in full without codes before.
  private static let largestShare = 0.08
  static let mostPlaced = 0.2
  static let mostInFull = 1.0 / 256

  /// The same hits as ``nearest(to:count:allowed:minimumScore:)``, with proof, by a cascade of upper bounds of each score: by
  /// codes on a few axes, then by codes of all numbers, and what no bound rules out is scored exactly.
  ///
  /// The rows with the highest bounds are scored first. The k-th best of them is a floor: what is bounded below it is not
  /// among the best. Bounds are those of Cauchy and Schwarz on what codes leave out: for a row x = y + r and a query
  /// q = p + e, |q·x − p·y| ≤ ‖q‖‖r‖ + ‖e‖‖y‖.
  ///
  /// - Parameter codes: of the same matrix.
  /// - Throws: as the plain scan; euclidean distances are scanned plainly.
  package func proven(
    to query: [Float], count: Int, allowed: RowSet? = nil, minimumScore: Float? = nil,
    codes: ProvenCodes
  ) throws -> Proven {
    // Codes of extreme rows say nothing.
    let isUsual = lengths?.extreme.isEmpty ?? true
    guard similarity != .euclidean, count > 0, rowCount > count, isUsual else {
      return try plain(query, count, allowed, minimumScore)
    }
    let prepared = try prepared(query)
    let ask = Ask(query: prepared, count: count, allowed: allowed, least: minimumScore)
    var floor = minimumScore
    if similarity == .cosine, let placed = codes.placed {
      let narrowed = narrowed(ask, by: placed)
      floor = narrowed.floor
      if let rows = narrowed.rows { return answer(ask, rows, narrowed, placed, codes) }
    }
    // No less than the floor is asked for: of the best, none is below it.
    let candidates = candidates(prepared, count, allowed, floor, codes.int8())
    guard Double(candidates.count) <= Self.largestShare * Double(rowCount) else {
      return try plain(query, count, allowed, minimumScore)
    }
    return Proven(
      hits: rescored(candidates, prepared, count, minimumScore), rescored: candidates.count,
      coded: allowed?.count ?? rowCount, isPlainScan: false)
  }

  private func plain(
    _ query: [Float], _ count: Int, _ allowed: RowSet?, _ minimumScore: Float?
  ) throws -> Proven {
    Proven(
      hits: try nearest(
        to: query, count: count, allowed: allowed, minimumScore: minimumScore),
      rescored: allowed?.count ?? rowCount, isPlainScan: true)
  }

  /// From the rows that codes on axes leave.
  private func answer(
    _ ask: Ask, _ rows: [Int], _ narrowed: Narrowed, _ placed: PlacedRows, _ codes: ProvenCodes
  ) -> Proven {
    let isLong = Double(rows.count) > Self.mostInFull * Double(rowCount)
    let left = isLong ? bounded(rows, ask.query, narrowed.floor, codes.int8()) : rows
    // Those of the first rows that were ruled out since were compared in full, too.
    let all = Set(left).union(narrowed.first).count
    return Proven(
      hits: rescored(left, ask.query, ask.count, ask.least), rescored: all,
      axes: placed.axes.width, coded: isLong ? rows.count : 0, isPlainScan: false)
  }

  // MARK: - Codes of all numbers

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

  /// Those of some rows that codes of all numbers bound by no less than a floor.
  private func bounded(
    _ rows: [Int], _ query: PreparedQuery, _ floor: Float?, _ codes: CodedRows
  ) -> [Int] {
    let coded = Kernel.CodedQuery(query.values)
    return each(of: rows) { numbers, upper in
      var lower = [Float](repeating: 0, count: numbers.count)
      _ = codes.withMemory {
        kernel.scan($0, coded, at: numbers, scores: upper, errors: &lower)
      }
      Kernel.bounds(upper, &lower, count: numbers.count)
      toCosines(upper, numbers, query.factor)
    }.flatMap(\.self).filter { $0.score >= floor ?? -.infinity }.map(\.row)
  }

  // MARK: - Whole rows

  /// The best of some rows by their exact scores.
  func rescored(
    _ rows: [Int], _ query: PreparedQuery, _ count: Int, _ minimumScore: Float?
  ) -> [SearchHit] {
    let parts = each(of: rows) { numbers, scores in
      withPart(0..<rowCount, nil) { part in
        guard let first = numbers.baseAddress else { return }
        kernel.scan(part, query.values, at: first, count: numbers.count, scores: scores)
      }
      toCosines(scores, numbers, query.factor)
      for (place, row) in numbers.enumerated() where isExtreme(Int(row)) {
        scores[place] = Float(Vector.cosine(query.values, matrix.row(Int(row))) ?? 0)
      }
    }
    var best = TopHits(capacity: count)
    for hit in parts.flatMap(\.self)
    where hit.score.isFinite && hit.score >= minimumScore ?? -.infinity {
      best.add(hit)
    }
    return best.sorted()
  }

  private func isExtreme(_ row: Int) -> Bool { lengths?.inverses[row].isNaN ?? false }

  /// Calls `body` with some of the rows at a time and room for their scores.
  ///
  /// - Returns: what it wrote, in parts.
  private func each(
    of rows: [Int],
    _ body: @Sendable (UnsafeBufferPointer<UInt32>, UnsafeMutablePointer<Float>) -> Void
  ) -> [[SearchHit]] {
    let parts = ParallelRows(
      rowCount: rows.count, dimension: dimension, block: 256, threads: threads)
    return parts.run {
      [SearchHit]()
    } _: { hits, range in
      let numbers = rows[range].map { UInt32($0) }
      var scores = [Float](repeating: 0, count: numbers.count)
      numbers.withUnsafeBufferPointer { body($0, &scores) }
      for (row, score) in zip(rows[range], scores) {
        hits.append(SearchHit(row: row, score: score))
      }
    }
  }

  /// Dot products with some rows, or bounds of them, as cosines.
  private func toCosines(
    _ scores: UnsafeMutablePointer<Float>, _ rows: UnsafeBufferPointer<UInt32>, _ factor: Double
  ) {
    guard let lengths else { return }
    let inverses = rows.map { lengths.inverses[Int($0)] }
    kernel.cosines(scores, rows: inverses, query: factor, count: rows.count)
  }
}
