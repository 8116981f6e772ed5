internal import ParallaxCore

/// The singular value decomposition of a matrix: A = Σ σᵢ uᵢ vᵢᵀ.
///
/// The eigenvectors of AᵀA first, then one-sided Jacobi rotations (Hestenes), which give also the small
/// values to their own precision (Demmel and Veselić, "Jacobi's method is more accurate than QR",
/// 1992). The same bits on every machine.
package struct SingularValues: Sendable {
  /// Descending and positive: those above the rounding errors of the largest one.
  package let values: [Double]
  /// As many rows as values, of the matrix's row count: row `i` is uᵢ.
  package let left: DenseMatrix
  /// As many rows as values, of the matrix's column count: row `i` is vᵢ.
  package let right: DenseMatrix

  /// - Throws: `internal-error` for values that are not finite; `CancellationError`.
  package init(_ matrix: DenseMatrix) throws {
    let isWide = matrix.columnCount > matrix.rowCount
    let tall = isWide ? matrix.transposed : matrix
    var right = try SymmetricEigen(try tall.transposedTimes(tall)).vectors
    var products = try right.times(tall.transposed)
    try Self.orthogonalize(&products, turning: &right)

    let lengths = (0..<products.rowCount).map { row in
      products.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let least = (lengths.max() ?? 0) * Double(tall.rowCount) * .ulpOfOne
    let order = lengths.indices.filter { lengths[$0] > least }
      .sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    values = order.map { lengths[$0] }
    let units = Self.rows(of: products, order) { 1 / lengths[$0] }
    let others = Self.rows(of: right, order) { _ in 1 }
    (left, self.right) = isWide ? (others, units) : (units, others)
  }

  /// The matrix nearest to A among those that keep lengths on the span of the vᵢ: Σ uᵢ vᵢᵀ, the
  /// solution of the orthogonal Procrustes problem for A = BᵀC (Schönemann, 1966).
  ///
  /// - Throws: `CancellationError`.
  package func polarFactor() throws -> DenseMatrix { try left.transposedTimes(right) }

  private static func rows(
    of matrix: DenseMatrix, _ order: [Int], scaledBy scale: (Int) -> Double
  ) -> DenseMatrix {
    DenseMatrix(
      rowCount: order.count, columnCount: matrix.columnCount,
      values: order.flatMap { row in
        let factor = scale(row)
        return matrix.row(row).map { $0 * factor }
      })
  }

  /// Turns pairs of rows, and the same rows of another matrix, until all rows are orthogonal.
  private static func orthogonalize(
    _ rows: inout DenseMatrix, turning others: inout DenseMatrix
  ) throws {
    let (count, length, width) = (rows.rowCount, rows.columnCount, others.columnCount)
    try rows.values.withUnsafeMutableBufferPointer { rows in
      try others.values.withUnsafeMutableBufferPointer { others in
        guard let base = rows.baseAddress, let other = others.baseAddress else { return }
        // The rows come almost orthogonal; three rounds are usual.
        for _ in 0..<40 {
          var hasTurned = false
          for p in 0..<count {
            try Task.checkCancellation()
            for q in (p + 1)..<max(p + 1, count) {
              let (first, second) = (base + p * length, base + q * length)
              let product = dotProduct(first, second, count: length)
              let own = dotProduct(first, first, count: length)
              let its = dotProduct(second, second, count: length)
              guard abs(product) > 4 * .ulpOfOne * (own * its).squareRoot(), product != 0
              else { continue }
              hasTurned = true
              let slope = (its - own) / (2 * product)
              let root = (1 + slope * slope).squareRoot()
              let tangent = slope < 0 ? -1 / (root - slope) : 1 / (root + slope)
              let cosine = 1 / (1 + tangent * tangent).squareRoot()
              let sine = cosine * tangent
              rotate(first, second, count: length, sine: sine, cosine: cosine)
              rotate(other + p * width, other + q * width, count: width, sine: sine, cosine: cosine)
            }
          }
          if !hasTurned { return }
        }
      }
    }
  }
}
