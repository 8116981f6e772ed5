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
    let sample = Self.rows(of: matrices, most: sampled, shift: 0)
    guard let widest = widths.max(), sample.rowCount > 1 else { return nil }
    let kernel = matrices[0].kernel
    let axes = try PanelAxes(
      of: CentredDirections(of: sample, rows: Array(0..<sample.rowCount)), count: widest,
      kernel: kernel, until: stop)
    // Between those that the axes are found from, which lie closer to the axes than others.
    let between = Self.rows(of: matrices, most: counted, shift: 1)
    let rows = CountedRows(between.rowCount > 1 ? between : sample, axes, kernel)
    var best: (plan: PairPlan, cost: Double)?
    for width in widths {
      try stop?.check()
      let own = axes.first(width)
      let frame = rows.frame(own, floor: floor)
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

  /// Rows with a direction that single precision sees, from all over the matrices.
  ///
  /// - Parameter shift: by how many halves of the way to the next they are moved on.
  private static func rows(of matrices: [PairSide], most: Int, shift: Int) -> VectorMatrix {
    let dimension = matrices[0].matrix.dimension
    let picked = matrices.flatMap { index -> [[Float]] in
      let count = min(index.rowCount, most / matrices.count)
      return (0..<count).compactMap { place in
        let row = (2 * place + shift) * index.rowCount / (2 * count)
        return index.lengths.inverses[row] > 0 ? index.matrix.row(row) : nil
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

  func frame(_ axes: PanelAxes, floor: Float) -> Kernel.PanelFrame {
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
    // A few rows may have values that codes cut off: they lose a little, the others gain.
    let usual = largest.sorted()[rows.count * 49 / 50]
    let scale = max(usual / 127, 0x1p-12)
    let longest = (squares.max() ?? 0).squareRoot()
    return Kernel.PanelFrame(
      dimension: axes.dimension, offsets: Array(offsets.prefix(axes.count)),
      meanSquare: Vector.dot(axes.mean, axes.mean), deviation: axes.deviation, scale: scale,
      longest: longest * 1.02 + scale * 8, floor: Double(floor))
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
