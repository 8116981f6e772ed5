package import ParallaxCore
private import ParallaxStatistics

/// The two directions in which unit vectors differ most, and where each vector lies along them (principal
/// components).
///
/// The axes come from orthogonal iteration with a Rayleigh–Ritz step at its end (Golub and Van Loan, "Matrix
/// Computations", §8.2). The component of an axis that is largest in magnitude, the first such one, is positive. The
/// same numbers on every machine.
package struct PrincipalPlane: Sendable {
  /// x and y of each row, one after the other, less those of the mean.
  package let coordinates: [Float]
  /// The share of the variance of the rows that the axes were found on, of each axis; 0 where nothing varies.
  package let shares: (x: Double, y: Double)
  /// Rows that the axes were found on.
  package let sampled: Int

  /// Rows that axes are found on, at most.
  package static let mostSampled = 8_192
  /// Axes beside the two make those converge faster.
  private static let (axes, turns) = (8, 24)

  /// - Parameters:
  ///   - matrix: at least two rows; each has a direction.
  ///   - seed: draws the rows that axes are found on where there are more than ``mostSampled``.
  /// - Throws: `CancellationError` when it was stopped.
  package init(
    of matrix: VectorMatrix, seed: UInt64, kernel: Kernel = .best, until stop: ScanStop? = nil
  ) throws {
    let rows = RandomSample.places(Self.mostSampled, of: matrix.rowCount, seed: seed)
    let directions = CentredDirections(of: matrix, rows: rows)
    let dimension = matrix.dimension
    let found = try PanelAxes(
      of: directions, count: min(Self.axes, dimension), kernel: kernel, turns: Self.turns,
      until: stop)
    let onto = PanelAxes.products(of: found.values, with: directions.matrix, kernel)
    let turned = try SymmetricEigen(
      Self.covariance(of: onto, axes: found.count, count: rows.count))
    var axes = [[Double]](repeating: [Double](repeating: 0, count: dimension), count: 2)
    for place in 0..<min(2, found.count) {
      for axis in 0..<found.count {
        let weight = turned.vectors[place, axis]
        for index in 0..<dimension {
          axes[place][index] += weight * Double(found.values[axis * dimension + index])
        }
      }
      var largest = 0.0
      for value in axes[place] where abs(value) > abs(largest) { largest = value }
      if largest < 0 { axes[place] = axes[place].map { -$0 } }
    }
    let offsets = axes.map { axis in
      zip(axis, directions.mean).reduce(0) { $0 + $1.0 * $1.1 }
    }
    try stop?.check()
    let places = PanelAxes.products(of: axes.flatMap { $0.map(Float.init) }, with: matrix, kernel)
    let count = matrix.rowCount
    coordinates = (0..<count).flatMap { row in
      let length = Vector.length(matrix.row(row))
      return (0..<2).map { Float(Double(places[$0 * count + row]) / length - offsets[$0]) }
    }
    let total = directions.variances.reduce(0, +)
    let share = { (place: Int) in
      place < turned.values.count && total > 0 ? max(0, turned.values[place]) / total : 0
    }
    shares = (share(0), share(1))
    sampled = rows.count
  }

  /// Of the places along some axes, which have the mean 0.
  private static func covariance(of places: [Float], axes: Int, count: Int) -> DenseMatrix {
    var matrix = DenseMatrix(rowCount: axes, columnCount: axes)
    for first in 0..<axes {
      for second in 0...first {
        var sum = 0.0
        for row in 0..<count {
          sum += Double(places[first * count + row]) * Double(places[second * count + row])
        }
        matrix[first, second] = sum / Double(count)
        matrix[second, first] = sum / Double(count)
      }
    }
    return matrix
  }
}
