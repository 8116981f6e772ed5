package import ParallaxCore

extension ExactIndex {
  /// Queries of one scan.
  private static let batch = 64

  /// The nearest other rows of some rows, best first.
  ///
  /// - Parameters:
  ///   - count: neighbours of each, at most.
  ///   - step: called with the number of rows that are done, now and then.
  /// - Returns: a list for each of `rows`, in their order. A row without a direction has an empty list
  ///   by cosine.
  /// - Throws: `CancellationError`, and what `step` throws.
  package func neighbours(
    of rows: [Int], count: Int, until stop: ScanStop? = nil,
    step: (Int) throws -> Void = { _ in }
  ) throws -> [[SearchHit]] {
    var lists: [[SearchHit]] = []
    lists.reserveCapacity(rows.count)
    for start in stride(from: 0, to: rows.count, by: Self.batch) {
      try Task.checkCancellation()
      try step(start)
      let part = rows[start..<min(start + Self.batch, rows.count)]
      let vectors = part.map { matrix.row($0) }
      let usable = vectors.indices.filter {
        similarity != .cosine || Vector.length(vectors[$0]) > 0
      }
      let found = try nearest(to: usable.map { vectors[$0] }, count: count + 1, until: stop)
      var next = 0
      for (place, row) in part.enumerated() {
        guard next < usable.count, usable[next] == place else {
          lists.append([])
          continue
        }
        // Where many rows are equal, a row need not be among the nearest to itself.
        lists.append(Array(found[next].filter { $0.row != row }.prefix(count)))
        next += 1
      }
    }
    return lists
  }
}
