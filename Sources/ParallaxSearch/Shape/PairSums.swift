internal import ParallaxCore

/// Sums over all pairs of rows, from the dot products of each pair in one or two sets of the same rows.
///
/// Dot products are single precision, sums are double precision; both have a fixed order.
struct PairSums: Sendable {
  /// Of the squares of the dot products in the first set.
  private(set) var first = 0.0
  /// Of the squares in the second set.
  private(set) var second = 0.0
  /// Of the products of both.
  private(set) var mixed = 0.0

  /// Queries of one scan, and of one look at whether to go on.
  private static let (batch, stretch) = (64, 512)

  /// - Parameters:
  ///   - left: a row each.
  ///   - right: as many rows, of any dimension; `nil` for one set alone.
  /// - Throws: `CancellationError`, and what `step` throws.
  init(
    _ left: VectorMatrix, _ right: VectorMatrix? = nil, until stop: ScanStop? = nil,
    step: (Int) throws -> Void = { _ in }
  ) throws {
    let indices = ([left] + [right].compactMap(\.self)).map {
      ExactIndex(matrix: $0, similarity: .dot)
    }
    let count = left.rowCount
    for start in stride(from: 0, to: count, by: Self.stretch) {
      try Task.checkCancellation()
      try step(start)
      let rows = ParallelRows(
        rowCount: min(Self.stretch, count - start),
        dimension: (count - start) * indices.reduce(0) { $0 + $1.dimension }, block: Self.batch,
        threads: nil)
      let parts = rows.run(until: stop) {
        [(first: Int, sums: PairSums)]()
      } _: { parts, range in
        let own = start + range.lowerBound..<start + range.upperBound
        parts.append((own.lowerBound, PairSums(of: own, upTo: count, indices)))
      }
      try stop?.check()
      for part in parts.flatMap(\.self).sorted(by: { $0.first < $1.first }) { add(part.sums) }
    }
  }

  private init() {}

  private mutating func add(_ other: PairSums) {
    first += other.first
    second += other.second
    mixed += other.mixed
  }

  /// Of some rows with themselves and those after them.
  private init(of rows: Range<Int>, upTo count: Int, _ indices: [ExactIndex]) {
    let others = rows.lowerBound..<count
    let products = indices.map { index in
      let queries = PackedQueries(rows.map { PreparedQuery(index.matrix.row($0)) })
      return [Float](unsafeUninitializedCapacity: rows.count * others.count) { buffer, filled in
        buffer.initialize(repeating: 0)
        if let scores = buffer.baseAddress {
          index.scan(queries, others, nil, scores, stride: others.count)
        }
        filled = rows.count * others.count
      }
    }
    for query in rows.indices {
      let place = query - rows.lowerBound
      let row = place * others.count
      var diagonal = PairSums()
      diagonal.add(products, row + place..<row + place + 1)
      var beyond = PairSums()
      beyond.add(products, row + place + 1..<row + others.count)
      first += diagonal.first + 2 * beyond.first
      second += diagonal.second + 2 * beyond.second
      mixed += diagonal.mixed + 2 * beyond.mixed
    }
  }

  private mutating func add(_ products: [[Float]], _ range: Range<Int>) {
    products[0].withUnsafeBufferPointer { left in
      guard products.count > 1 else {
        for index in range { first += Double(left[index]) * Double(left[index]) }
        return
      }
      products[1].withUnsafeBufferPointer { right in
        for index in range {
          let (one, other) = (Double(left[index]), Double(right[index]))
          first += one * one
          second += other * other
          mixed += one * other
        }
      }
    }
  }
}
