/// The shape of a list of numbers.
package enum Moments {
  /// The third central moment over the cube of the standard deviation, both with the divisor n: 0 for
  /// numbers that lie evenly around their mean, above 0 where a few are far above it.
  ///
  /// - Returns: `nil` where all numbers are equal, or there are none.
  package static func skewness(_ numbers: [Double]) -> Double? {
    guard let low = numbers.min(), let high = numbers.max(), low < high else { return nil }
    let mean = numbers.mean
    let deviations = numbers.map { $0 - mean }
    let variance = deviations.map { $0 * $0 }.mean
    return deviations.map { $0 * $0 * $0 }.mean / (variance * variance.squareRoot())
  }
}
