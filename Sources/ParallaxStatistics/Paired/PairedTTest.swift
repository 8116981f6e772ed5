/// Student's t test on paired differences: whether their mean may be 0.
///
/// t is the mean over its standard error, with n - 1 degrees of freedom. With clusters the standard
/// error comes from the sums within clusters, and the degrees of freedom are clusters - 1 (the
/// sandwich estimator with the factor G / (G - 1)).
package struct PairedTTest: Sendable, Hashable {
  package let mean: Double
  package let standardError: Double
  package let degreesOfFreedom: Int

  /// `nil` when there are fewer than two independent parts, or nothing varies.
  package init?(_ differences: PairedDifferences) {
    let count = differences.independentCount
    guard count > 1, differences.varies else { return nil }
    let mean = differences.mean
    let deviations = differences.values.map { $0 - mean }
    let parts = differences.clusters?.sums(of: deviations) ?? deviations
    let factor = Double(count) / Double(count - 1)
    let spread = (factor * parts.map { $0 * $0 }.sum).squareRoot()
    // Clusters that all have the same mean leave a spread of rounding.
    guard spread > PairedDifferences.rounding * deviations.map(abs).sum else { return nil }
    self.mean = mean
    standardError = spread / Double(differences.values.count)
    degreesOfFreedom = count - 1
  }

  package var t: Double { mean / standardError }

  /// Two-sided.
  package var p: Double { distribution.twoSided(t) }

  /// Whether the mean is above `bound`, one-sided.
  package func p(above bound: Double) -> Double {
    distribution.upperTail((mean - bound) / standardError)
  }

  /// - Parameter confidence: above 0 and below 1.
  package func interval(confidence: Double = 0.95) -> Interval {
    let reach = distribution.quantile((1 + confidence) / 2) * standardError
    return Interval(low: mean - reach, high: mean + reach)
  }

  private var distribution: StudentT { StudentT(degreesOfFreedom: Double(degreesOfFreedom)) }
}
