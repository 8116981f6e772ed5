/// Student's t distribution.
package struct StudentT: Sendable, Hashable {
  /// Above 0.
  package let degreesOfFreedom: Double

  package init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

  /// The probability of at least |`t`| on either side.
  package func twoSided(_ t: Double) -> Double {
    let square = t * t
    guard square < .infinity else { return square.isNaN ? .nan : 0 }
    let total = degreesOfFreedom + square
    return Beta.regularized(
      degreesOfFreedom / total, complement: square / total, a: degreesOfFreedom / 2, b: 0.5)
  }

  /// The probability of at least `t`.
  package func upperTail(_ t: Double) -> Double {
    t < 0 ? 1 - twoSided(t) / 2 : twoSided(t) / 2
  }

  /// The value below which a share `p` lies.
  ///
  /// - Returns: minus infinity for 0, infinity for 1, not a number outside of 0...1.
  package func quantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    guard p != 0.5 else { return 0 }
    let tail = min(p, 1 - p)
    var (low, high) = (0.0, 1.0)
    while upperTail(high) > tail { (low, high) = (high, high * 2) }
    // The interval is halved until it is as narrow as numbers are.
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return p < 0.5 ? -middle : middle }
      if upperTail(middle) > tail { low = middle } else { high = middle }
    }
  }
}
