internal import ParallaxCore

/// Orthonormal axes on which rows are placed: the direction of their mean, then those along which they differ most (principal
/// components, found by orthogonal iteration).
///
/// Which axes they are decides how many rows are compared in full, never the answer.
struct PlacedAxes: Sendable {
  /// One after another.
  let values: [Float]
  let frame: Kernel.PlacedFrame

  var width: Int { frame.width }

  /// How many axes rows may have, a multiple of 16 each: more are only looked for where the first do not do.
  static let widths = [[32, 64, 96], [128, 192, 256]]
  /// Axes farther from being orthonormal would prove little.
  private static let mostDeviation = 0.01
  /// Sampled queries, whose answers are what an axis must not leave open.
  private static let (queries, top) = (16, 10)

  private init(values: [Float], frame: Kernel.PlacedFrame) {
    self.values = values
    self.frame = frame
  }

  /// The axes that make an answer cheapest; `nil` where rows have no few directions, and codes of all their numbers cost less.
  ///
  /// - Throws: `CancellationError` when it was stopped.
  static func cheapest(for index: ExactIndex, until stop: ScanStop? = nil) throws -> PlacedAxes? {
    guard let counted = rows(PairPlan.countedRows(of: index.rowCount), of: index) else {
      return nil
    }
    let sample = try Sample(counted, of: index, until: stop)
    // What codes of all numbers cost.
    var best = (axes: PlacedAxes?.none, cost: Double(index.dimension))
    for widths in Self.widths.map({ $0.filter { $0 < index.dimension } }) {
      guard let widest = widths.max(),
        let all = try PlacedAxes(of: index, count: widest, until: stop)
      else { break }
      for axes in widths.map({ all.first($0) }) {
        try stop?.check()
        let cost = sample.cost(axes, index)
        if cost < best.cost { best = (axes, cost) }
      }
      if best.cost < Double(index.dimension) / 8 { break }
    }
    return best.axes
  }

  /// So many axes of the rows of an index; `nil` where they have no two directions.
  ///
  /// - Throws: `CancellationError` when it was stopped.
  init?(of index: ExactIndex, count: Int, until stop: ScanStop? = nil) throws {
    try stop?.check()
    guard let rows = Self.rows(PairPlan.sampledRows(of: index.rowCount), of: index) else {
      return nil
    }
    let found = try PanelAxes(
      of: CentredDirections(of: rows, rows: Array(0..<rows.rowCount)), count: count - 1,
      kernel: index.kernel, until: stop)
    var values = found.mean + found.values
    let deviation = Kernel.orthonormalize(&values, dimension: rows.dimension)
    guard deviation <= Self.mostDeviation else { return nil }
    self.values = values
    let lengths = RowLengths(of: rows, dimension: rows.dimension, index.kernel, index.threads)
    let products = PanelAxes.products(of: values, with: rows, index.kernel)
    var (offsets, scales) = ([Double](), [Double]())
    for axis in 0..<count {
      let places = (0..<rows.rowCount).map {
        Double(products[axis * rows.rowCount + $0]) * lengths.inverses[$0]
      }
      let offset = places.reduce(0, +) / Double(places.count)
      let farthest = places.map { abs($0 - offset) }.max() ?? 0
      offsets.append(offset)
      scales.append(max(farthest / 127, 0x1p-30))
    }
    frame = Kernel.PlacedFrame(
      dimension: rows.dimension, offsets: offsets, scales: scales, deviation: deviation)
  }

  func first(_ count: Int) -> PlacedAxes {
    PlacedAxes(
      values: Array(values.prefix(count * frame.dimension)),
      frame: Kernel.PlacedFrame(
        dimension: frame.dimension, offsets: Array(frame.offsets.prefix(count)),
        scales: Array(frame.scales.prefix(count)), deviation: frame.deviation))
  }

  /// Dot products of the axes with a range of rows: `products[axis * stride + row - range.lowerBound]`.
  func products(
    of matrix: VectorMatrix, _ range: Range<Int>, to products: inout [Float], stride: Int,
    _ kernel: Kernel
  ) {
    matrix.withValues { rows in
      guard let start = UnsafeRawPointer(rows.baseAddress) else { return }
      kernel.scan(
        .dot, Kernel.Part(rows: start, dimension: matrix.dimension, range: range), queries: values,
        count: width, scores: &products, stride: stride)
    }
  }

  /// The dot product of each axis with a vector.
  func products(of vector: [Float], _ kernel: Kernel) -> [Float] {
    var products = [Float](repeating: 0, count: width)
    values.withUnsafeBufferPointer { axes in
      guard let start = UnsafeRawPointer(axes.baseAddress) else { return }
      kernel.scan(
        .dot, Kernel.Part(rows: start, dimension: frame.dimension, range: 0..<width),
        queries: vector, count: 1, scores: &products, stride: width)
    }
    return products
  }

  /// Some rows that have a direction; `nil` for fewer than two.
  private static func rows(_ numbers: [Int], of index: ExactIndex) -> VectorMatrix? {
    let picked = numbers.filter { (index.lengths?.inverses[$0] ?? 0) > 0 }
    guard picked.count > 1 else { return nil }
    return VectorMatrix(rowCount: picked.count, dimension: index.dimension) { values in
      for (place, row) in picked.enumerated() {
        for (column, value) in index.matrix.row(row).enumerated() {
          values[place * index.dimension + column] = value
        }
      }
    }
  }

  /// Rows that stand for all, and queries with the scores that their answers end at.
  private struct Sample {
    let rows: VectorMatrix
    let lengths: RowLengths
    let queries: [(query: PreparedQuery, floor: Float)]

    init(_ rows: VectorMatrix, of index: ExactIndex, until stop: ScanStop?) throws {
      self.rows = rows
      lengths = RowLengths(of: rows, dimension: rows.dimension, index.kernel, index.threads)
      let count = min(PlacedAxes.queries, rows.rowCount)
      let asked = (0..<count).map { rows.row($0 * rows.rowCount / count) }
      // A row finds itself first.
      let answers = try index.nearest(to: asked, count: PlacedAxes.top + 1, until: stop)
      queries = zip(asked, answers).compactMap { query, hits in
        guard let prepared = try? index.prepared(query), let last = hits.last else { return nil }
        return (prepared, last.score)
      }
    }

    /// What an answer costs by some axes, in bytes read of each row. A row read alone takes as long as three in order.
    func cost(_ axes: PlacedAxes, _ index: ExactIndex) -> Double {
      let placed = PlacedRows(rows, lengths, axes, kernel: index.kernel, threads: index.threads)
      var bounds = [Float](repeating: 0, count: placed.placeCount)
      let codes = Double(rows.dimension)
      let costs = queries.map { query, floor -> Double in
        let own = placed.placed(query, index.kernel)
        placed.bound(own, 0..<rows.rowCount, index.kernel, to: &bounds)
        let left = bounds.prefix(rows.rowCount).count { $0 >= floor }
        let share = Double(left) / Double(rows.rowCount)
        let row = share > ExactIndex.mostInFull ? codes : 4 * codes
        return share > ExactIndex.mostPlaced ? codes : 3 * row * share
      }
      // Of no query nothing is known.
      guard !costs.isEmpty else { return codes }
      return Double(axes.width + 8) + costs.reduce(0, +) / Double(costs.count)
    }
  }
}
