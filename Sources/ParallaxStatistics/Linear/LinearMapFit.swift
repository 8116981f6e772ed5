/// Maps fitted to pairs of points, one of each space.
///
/// Both means are taken off first. With A and B what is left, one pair a row, A = U S Vᵀ gives all maps:
/// the work does not grow with a dimension that is larger than the number of pairs.
package struct LinearMapFit: Sendable {
  private let inputMean: [Double]
  private let outputMean: [Double]
  /// Vᵀ: orthonormal rows that span the differences of the inputs.
  private let basis: DenseMatrix
  /// S², descending and positive.
  private let eigenvalues: [Double]
  /// Vᵀ Aᵀ B.
  private let products: DenseMatrix

  /// - Parameters:
  ///   - points: one a row; at least two different ones.
  ///   - targets: as many rows.
  /// - Throws: `internal-error` for numbers that are not finite; `CancellationError`.
  package init(_ points: DenseMatrix, to targets: DenseMatrix) throws {
    precondition(points.rowCount == targets.rowCount, "each point has a target")
    inputMean = points.meanRow
    outputMean = targets.meanRow
    let (inputs, outputs) = (points.subtracting(inputMean), targets.subtracting(outputMean))
    let isTall = points.rowCount >= points.columnCount
    let eigen = try SymmetricEigen(
      isTall ? try inputs.transposedTimes(inputs) : try inputs.times(inputs.transposed))
    let least =
      (eigen.values.first ?? 0) * Double(max(points.rowCount, points.columnCount))
      * .ulpOfOne
    let count = eigen.values.prefix { $0 > least }.count
    eigenvalues = Array(eigen.values.prefix(count))
    let vectors = eigen.vectors.prefix(count)
    if isTall {
      basis = vectors
      products = try vectors.times(try inputs.transposedTimes(outputs))
    } else {
      // A vᵢ = sᵢ uᵢ.
      let lengths = eigenvalues.map { $0.squareRoot() }
      basis = try vectors.times(inputs).scalingRows(lengths.map { 1 / $0 })
      products = try vectors.times(outputs).scalingRows(lengths)
    }
  }

  /// The largest rank that a map of these pairs can have.
  package var rank: Int { min(basis.rowCount, products.columnCount) }

  /// The rotation of the points that brings them nearest to their targets: the orthogonal Procrustes
  /// problem (Schönemann, 1966). What of a point lies outside the span of the fitted ones is dropped.
  ///
  /// - Throws: `internal-error`; `CancellationError`.
  package func orthogonal() throws -> LinearMap {
    let polar = try SingularValues(products).polarFactor()
    return LinearMap(from: inputMean, to: outputMean, [basis.transposed, polar])
  }

  /// The matrix W that makes |A W − B|² + λ |W|² least, or of those of a rank the best approximation of
  /// what it gives (reduced-rank ridge regression: A. Mukherjee and J. Zhu, "Reduced rank ridge
  /// regression and its kernel extensions", 2011).
  ///
  /// - Parameters:
  ///   - strength: λ over the mean eigenvalue of AᵀA; positive.
  ///   - rank: `nil` for any.
  /// - Throws: `internal-error`; `CancellationError`.
  package func ridge(strength: Double, rank: Int? = nil) throws -> LinearMap {
    let mean = eigenvalues.sum / Double(max(1, eigenvalues.count))
    let penalty = strength * mean
    let weighted = products.scalingRows(eigenvalues.map { 1 / ($0 + penalty) })
    guard let rank, rank < self.rank else {
      return LinearMap(from: inputMean, to: outputMean, [basis.transposed, weighted])
    }
    // What it gives for the fitted points is U times this.
    let fitted = products.scalingRows(eigenvalues.map { $0.squareRoot() / ($0 + penalty) })
    let directions = try SingularValues(fitted).right.prefix(rank)
    return LinearMap(
      from: inputMean, to: outputMean,
      [try basis.transposedTimes(try weighted.times(directions.transposed)), directions])
  }
}
