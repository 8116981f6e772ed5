package import ParallaxCore

/// How the directions of some vectors are spread.
package struct VectorShape: Sendable, Hashable {
  /// How many vectors there are.
  package let count: Int
  /// The length of the mean of the unit vectors: 0 where they point everywhere, 1 where all are alike.
  package let meanLength: Double
  /// The variance of each number of the unit vectors, with the divisor n.
  package let variances: [Double]
  /// The sum of the squares of all entries of the covariance matrix.
  private let squaredCovariance: Double

  /// - Parameter rows: of the matrix, at least two; each has a direction.
  /// - Throws: `CancellationError`, and what `step` throws.
  package init(
    of matrix: VectorMatrix, rows: [Int], until stop: ScanStop? = nil,
    step: (Int) throws -> Void = { _ in }
  ) throws {
    let directions = CentredDirections(of: matrix, rows: rows)
    count = rows.count
    meanLength = directions.mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
    variances = directions.variances
    // The matrix of all dot products has the eigenvalues of the covariance, times n.
    let sums = try PairSums(directions.matrix, until: stop, step: step)
    squaredCovariance = sums.first / (Double(count) * Double(count))
  }

  private var totalVariance: Double { variances.reduce(0, +) }

  /// The mean cosine of two different vectors.
  package var meanCosine: Double {
    (Double(count) * meanLength * meanLength - 1) / Double(count - 1)
  }

  /// The participation ratio of the covariance's eigenvalues, (Σλ)² ÷ Σλ²: how many directions would
  /// have the same spread if all of them were equally used. From 1 to the dimension; `nil` where
  /// nothing varies.
  package var effectiveDimension: Double? {
    squaredCovariance > 0 ? totalVariance * totalVariance / squaredCovariance : nil
  }

  /// Numbers whose variance is below a thousandth of the mean: they hardly change a score.
  package var deadDimensions: Int {
    let mean = totalVariance / Double(variances.count)
    return variances.count { $0 < mean / 1_000 }
  }

  /// The share of the variance in the first numbers; `nil` where nothing varies.
  package func share(ofFirst numbers: Int) -> Double? {
    totalVariance > 0 ? variances.prefix(numbers).reduce(0, +) / totalVariance : nil
  }

  /// The largest share of the variance in one number, and which it is, from 0; `nil` where nothing
  /// varies.
  package var largest: (number: Int, share: Double)? {
    guard totalVariance > 0,
      let number = variances.indices.max(by: {
        (variances[$0], $1) < (variances[$1], $0)
      })
    else { return nil }
    return (number, variances[number] / totalVariance)
  }
}
