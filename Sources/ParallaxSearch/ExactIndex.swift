private import Dispatch
package import ParallaxCore
private import Synchronization

/// Compares a query with every row: exact, in the order of memory.
///
/// Equal scores are ordered by row number, which is the order of item ids in a
/// loaded space. The answer does not depend on the number of threads: each row's
/// score is computed by itself.
package struct ExactIndex: VectorIndex {
  /// Rows a thread takes at a time; their scores stay in the cache.
  private static let block = 4_096
  /// Below this many numbers a second thread costs more than it brings.
  private static let parallelValues = 4_000_000

  private let matrix: VectorMatrix
  private let similarity: Similarity
  private let kernel: Kernel
  private let threads: Int
  /// 1 / length of each row, for cosine; 0 for a zero row.
  private let scales: [Float]

  /// - Parameter threads: at most this many; `nil` for one a processor.
  package init(
    matrix: VectorMatrix, similarity: Similarity, kernel: Kernel = .best, threads: Int? = nil
  ) {
    self.matrix = matrix
    self.similarity = similarity
    self.kernel = kernel
    self.threads = max(1, threads ?? 2)
    scales = similarity == .cosine ? Self.scales(of: matrix, kernel: kernel) : []
  }

  package var rowCount: Int { matrix.rowCount }
  package var dimension: Int { matrix.dimension }

  /// - Throws: `invalid-value` for another dimension, a value that is not finite, or the
  ///   direction of a zero vector.
  package func nearest(
    to query: [Float], count: Int, allowed: RowSet?, minimumScore: Float?
  ) throws -> [SearchHit] {
    let query = try prepared(query)
    precondition(allowed.map { $0.capacity == rowCount } ?? true, "a filter of another matrix")
    let blocks = (rowCount + Self.block - 1) / Self.block
    let width = rowCount * dimension < Self.parallelValues ? 1 : min(threads, blocks)
    let shared = Shared(capacity: min(count, rowCount))
    @Sendable func work(_: Int) {
      var own = TopHits(capacity: min(count, rowCount))
      var scores = [Float](repeating: 0, count: min(Self.block, rowCount))
      while let block = shared.nextBlock(of: blocks) {
        let rows = block * Self.block..<min((block + 1) * Self.block, rowCount)
        scan(rows, query, allowed, minimumScore, &scores, into: &own)
      }
      shared.best.withLock { $0.merge(own) }
    }
    if width <= 1 {
      work(0)
    } else {
      DispatchQueue.concurrentPerform(iterations: width, execute: work)
    }
    return shared.best.withLock { $0.sorted() }
  }

  /// What the threads of one search share.
  private final class Shared: Sendable {
    let best: Mutex<TopHits>
    private let next = Atomic(0)

    init(capacity: Int) { best = Mutex(TopHits(capacity: capacity)) }

    func nextBlock(of count: Int) -> Int? {
      let block = next.add(1, ordering: .relaxed).oldValue
      return block < count ? block : nil
    }
  }

  private func prepared(_ query: [Float]) throws -> [Float] {
    guard query.count == dimension else {
      throw ParallaxError(
        .invalidValue, "a query for this space has \(dimension) dimensions; got \(query.count)")
    }
    guard query.allSatisfy(\.isFinite) else {
      throw ParallaxError(.invalidValue, "a query has finite numbers only")
    }
    guard similarity == .cosine else { return query }
    guard let unit = Vector.normalized(query) else {
      throw ParallaxError(.invalidValue, "a zero vector has no direction to compare")
    }
    return unit
  }

  private func scan(
    _ rows: Range<Int>, _ query: [Float], _ allowed: RowSet?, _ minimumScore: Float?,
    _ scores: inout [Float], into hits: inout TopHits
  ) {
    scores.withUnsafeMutableBufferPointer { scores in
      guard let base = scores.baseAddress else { return }
      matrix.withValues { values in
        query.withUnsafeBufferPointer { query in
          if let allowed {
            allowed.words.withUnsafeBufferPointer {
              kernel.scan(
                similarity, query: query, values: values, rows: rows, allowed: $0.baseAddress,
                scores: base)
            }
          } else {
            kernel.scan(
              similarity, query: query, values: values, rows: rows, allowed: nil, scores: base)
          }
        }
      }
      scales.withUnsafeBufferPointer { scales in
        for row in rows where allowed?.contains(row) ?? true {
          let raw = scores[row - rows.lowerBound]
          let score: Float =
            switch similarity {
            case .cosine: raw * scales[row]
            case .dot: raw
            case .euclidean: -raw.squareRoot()
            }
          if let threshold = hits.threshold, score < threshold { continue }
          if let minimumScore, score < minimumScore { continue }
          hits.add(SearchHit(row: row, score: score))
        }
      }
    }
  }

  private static func scales(of matrix: VectorMatrix, kernel: Kernel) -> [Float] {
    matrix.withValues { values in
      (0..<matrix.rowCount).map { row in
        let start = row * matrix.dimension
        let own = UnsafeBufferPointer(rebasing: values[start..<start + matrix.dimension])
        var square: Float = 0
        kernel.scan(.dot, query: own, values: own, rows: 0..<1, allowed: nil, scores: &square)
        // A vector stored at unit length keeps its exact dot products.
        if abs(square - 1) < 1e-6 { return 1 }
        return square > 0 ? 1 / square.squareRoot() : 0
      }
    }
  }
}
