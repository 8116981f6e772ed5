internal import ParallaxCore

/// How the pairs of two matrices are found: by comparing every pair, or first by codes on some axes.
struct PairPlan: Sendable {
  var axes: PanelAxes
  var frame: Kernel.PanelFrame
  /// The share of pairs that the codes leave to be compared.
  var share: Double

  /// Axes that codes may have; a multiple of 16 each.
  static let widths = [16, 32, 48, 64, 96, 128, 192, 256]
  /// Rows that the axes are found from, and those whose pairs are counted.
  private static let (sampled, counted) = (2_048, 512)

  /// The cheapest plan, `nil` where comparing every pair is.
  ///
  /// - Parameters:
  ///   - widths: those that may be chosen.
  ///   - isForced: whether one of them is chosen whatever it costs.
  /// - Throws: `CancellationError` when it was stopped.
  static func cheapest(
    _ matrices: [PairSide], floor: Float, widths: [Int], isForced: Bool,
    until stop: ScanStop?
  ) throws -> PairPlan? {
    let dimension = matrices[0].matrix.dimension
    let widths = widths.filter { $0 < dimension + 16 }
    let sample = Self.rows(of: matrices) { sampledRows(of: $0, share: $1) }
    guard let widest = widths.max(), sample.rowCount > 1 else { return nil }
    let kernel = matrices[0].kernel
    let axes = try PanelAxes(
      of: CentredDirections(of: sample, rows: Array(0..<sample.rowCount)), count: widest,
      kernel: kernel, until: stop)
    // Those that the axes are found from lie closer to the axes than others: what is ruled out is counted between others,
    // but theirs are the longest places.
    let found = CountedRows(sample, axes, kernel)
    let between = Self.rows(of: matrices) { countedRows(of: $0, share: $1) }
    let rows = CountedRows(between.rowCount > 1 ? between : sample, axes, kernel)
    var best: (plan: PairPlan, cost: Double)?
    for width in widths {
      try stop?.check()
      let own = axes.first(width)
      let frame = CountedRows.frame(own, of: [found, rows], floor: floor)
      let share = rows.share(own, frame, kernel)
      let cost = Cost.codes(width) + share * Cost.pair(dimension)
      if cost < best?.cost ?? .infinity {
        best = (PairPlan(axes: own, frame: frame, share: share), cost)
      }
    }
    guard let best, isForced || best.cost < Cost.blockPair(dimension) else { return nil }
    return best.plan
  }

  /// What a pair costs, in instructions on sixteen values for sixteen pairs.
  enum Cost {
    static func codes(_ width: Int) -> Double { Double(width) / 4 + 8 }
    /// Of one pair alone, whose sum waits for each addition.
    static func pair(_ dimension: Int) -> Double { 8 * Double(dimension) + 2_500 }
    /// Of one among a block of pairs.
    static func blockPair(_ dimension: Int) -> Double { 1.5 * Double(dimension) }
  }

  /// Of so many rows those that the axes are found from, evenly over all.
  static func sampledRows(of rowCount: Int, share: Int = 1) -> [Int] {
    let count = min(rowCount, sampled / share)
    return (0..<count).map { $0 * rowCount / count }
  }

  /// Of so many rows those whose pairs are counted: halfway between some of the sampled ones and the next.
  static func countedRows(of rowCount: Int, share: Int = 1) -> [Int] {
    let (all, count) = (min(rowCount, sampled / share), min(rowCount, counted / share))
    return (0..<count).map { (2 * ($0 * all / count) + 1) * rowCount / (2 * all) }
  }

  /// Rows with a direction that single precision sees.
  private static func rows(
    of matrices: [PairSide], _ places: (_ rowCount: Int, _ share: Int) -> [Int]
  ) -> VectorMatrix {
    let dimension = matrices[0].matrix.dimension
    let picked = matrices.flatMap { index -> [[Float]] in
      places(index.rowCount, matrices.count).compactMap { row in
        index.lengths.inverses[row] > 0 ? index.matrix.row(row) : nil
      }
    }
    return VectorMatrix(rowCount: picked.count, dimension: dimension) { values in
      for (row, vector) in picked.enumerated() {
        for (place, value) in vector.enumerated() { values[row * dimension + place] = value }
      }
    }
  }
}

/// Some rows whose pairs are counted for a plan.
private struct CountedRows {
  private let matrix: VectorMatrix
  private let lengths: RowLengths
  /// By axis, then by row.
  private let products: [Float]
  private let offsets: [Double]

  init(_ rows: VectorMatrix, _ axes: PanelAxes, _ kernel: Kernel) {
    matrix = rows
    lengths = RowLengths(of: matrix, dimension: matrix.dimension, kernel, 1)
    products = PanelAxes.products(of: axes.values, with: matrix, kernel)
    offsets = axes.offsets
  }

  static func frame(
    _ axes: PanelAxes, of parts: [CountedRows], floor: Float
  ) -> Kernel.PanelFrame {
    let places = parts.map { $0.places(on: axes) }
    // A few rows may have values that codes cut off: they lose a little, the others gain.
    let usual = places.map { $0.largest.sorted()[$0.largest.count * 49 / 50] }.max() ?? 0
    let scale = max(usual / 127, 0x1p-12)
    let longest = (places.flatMap(\.squares).max() ?? 0).squareRoot()
    return Kernel.PanelFrame(
      dimension: axes.dimension, offsets: Array(parts[0].offsets.prefix(axes.count)),
      meanSquare: Vector.dot(axes.mean, axes.mean), deviation: axes.deviation, scale: scale,
      longest: longest * 1.02 + scale * 8, floor: Double(floor))
  }

  /// Of each row, the largest of its places on the axes, and the sum of their squares.
  private func places(on axes: PanelAxes) -> (largest: [Double], squares: [Double]) {
    let rows = 0..<matrix.rowCount
    var largest = rows.map { _ in 0.0 }
    var squares = largest
    for axis in 0..<axes.count {
      for row in rows {
        let product = Double(products[axis * rows.count + row])
        let place = product * lengths.inverses[row] - offsets[axis]
        largest[row] = max(largest[row], abs(place))
        squares[row] += place * place
      }
    }
    return (largest, squares)
  }

  /// The share of the pairs of different rows that codes do not rule out.
  func share(_ axes: PanelAxes, _ frame: Kernel.PanelFrame, _ kernel: Kernel) -> Double {
    let panels = PanelRows(matrix, lengths, axes, frame, kernel: kernel, threads: 1)
    let (rows, count) = (panels.panelCount * PanelRows.height, matrix.rowCount)
    var masks = [UInt16](repeating: 0, count: rows * panels.panelCount)
    withExtendedLifetime(panels) {
      kernel.near(
        panels.memory, 0..<rows, panels.memory, 0..<panels.panelCount, masks: &masks,
        stride: panels.panelCount)
    }
    let near = masks.reduce(0) { $0 + $1.nonzeroBitCount }
    // Each row is near itself.
    return Double(max(0, near - count)) / Double(max(1, count * (count - 1)))
  }
}
