package import ParallaxCore

/// The short form of rows that a quantised search reads first.
package enum Quantization: Sendable {
  case int8(CodedRows)
  case binary(BitRows)
}

extension ExactIndex {
  /// The nearest rows by short codes, rescored with the stored vectors: fast, and not exact.
  ///
  /// - Parameter oversample: so many times `count` rows are rescored; at least 1.
  /// - Throws: `invalid-value` as the exact search; `unsupported` for euclidean distances.
  package func quantized(
    to query: [Float], count: Int, allowed: RowSet? = nil, minimumScore: Float? = nil,
    by quantization: Quantization, oversample: Double
  ) throws -> [SearchHit] {
    guard similarity != .euclidean else {
      throw ParallaxError(.unsupported, "a quantised search compares directions, not distances")
    }
    let prepared = try prepared(query)
    let wanted = min(rowCount, Int((Double(count) * max(1, oversample)).rounded(.up)))
    let coded = Kernel.CodedQuery(prepared.values)
    let first =
      switch quantization {
      case .int8(let codes):
        best(wanted, allowed) { range, scores, allowed in
          _ = codes.withMemory {
            kernel.scan($0, coded, range, allowed: allowed, scores: scores)
          }
          toCosines(scores, range, prepared.factor)
        }
      case .binary(let rows): nearest(wanted, allowed, bits: rows, to: prepared.values)
      }
    // Codes of extreme rows say nothing: those are compared anyway.
    let others = (lengths?.extreme ?? []).filter { allowed?.contains($0) ?? true }
    let candidates = Set(first.map(\.row)).union(others).sorted()
    return rescored(candidates, prepared, count, minimumScore)
  }

  /// The share of exact answers that short codes find, asked by some of the rows.
  ///
  /// - Parameter queries: how many rows are drawn; all of them when there are fewer.
  /// - Returns: 1 without rows.
  /// - Throws: as the search; `cancelled`.
  package func recall(
    of quantization: Quantization, oversample: Double, count: Int, queries: Int, seed: UInt64
  ) throws -> Double {
    var random = SeededGenerator(seed: seed)
    let drawn = (0..<min(queries, rowCount)).map { _ in
      matrix.row(Int.random(in: 0..<rowCount, using: &random))
    }
    var (wanted, found) = (0, 0)
    for (query, exact) in zip(drawn, try nearest(to: drawn, count: count)) {
      guard !Task.isCancelled else { throw ParallaxError(.cancelled, "cancelled") }
      let hits = try quantized(to: query, count: count, by: quantization, oversample: oversample)
      wanted += exact.count
      found += Set(exact.map(\.row)).intersection(hits.map(\.row)).count
    }
    return wanted == 0 ? 1 : Double(found) / Double(wanted)
  }

  private func nearest(
    _ wanted: Int, _ allowed: RowSet?, bits rows: BitRows, to query: [Float]
  ) -> [SearchHit] {
    let words = bits(of: query)
    return best(wanted, allowed) { range, scores, allowed in
      words.withUnsafeBufferPointer { words in
        guard let words = words.baseAddress else { return }
        rows.withBits {
          kernel.scan(
            bits: $0, query: words, dimension: dimension, range, allowed: allowed, scores: scores)
        }
      }
    }
  }

  private func bits(of query: [Float]) -> [UInt64] {
    let count = BitRows.words(dimension)
    return [UInt64](unsafeUninitializedCapacity: count) { words, filled in
      words.initialize(repeating: 0)
      query.withUnsafeBufferPointer { query in
        guard let query = query.baseAddress, let words = words.baseAddress else { return }
        Kernel.encodeBits(query, 0..<1, dimension: dimension, to: words)
      }
      filled = count
    }
  }

  /// The rows with the highest scores that `body` writes for a range.
  private func best(
    _ count: Int, _ allowed: RowSet?,
    _ body: @Sendable (Range<Int>, UnsafeMutablePointer<Float>, UnsafePointer<UInt64>?) -> Void
  ) -> [SearchHit] {
    let rows = ParallelRows(
      rowCount: rowCount, dimension: dimension, block: 4_096, threads: threads)
    let states = rows.run {
      ScanState(queries: 1, capacity: count, block: rows.block)
    } _: { state, range in
      state.scores.withUnsafeMutableBufferPointer { scores in
        guard let scores = scores.baseAddress else { return }
        guard let allowed else { return body(range, scores, nil) }
        allowed.words.withUnsafeBufferPointer { body(range, scores, $0.baseAddress) }
      }
      state.keep(range, rows.block, nil, kernel)
    }
    var best = TopHits(capacity: count)
    for state in states { best.merge(state.hits[0]) }
    return best.sorted()
  }
}
