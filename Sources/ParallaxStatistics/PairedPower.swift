/// How large a difference a paired comparison can find, by the power of the t test.
///
/// The power is the chance that a two-sided paired t test with n units finds a true mean difference,
/// when differences have a given standard deviation: from the noncentral t distribution with n - 1
/// degrees of freedom and the noncentrality difference ÷ deviation × √n.
package struct PairedPower: Sendable, Hashable {
  /// Of the differences, above 0.
  package let standardDeviation: Double
  /// The chance to find a difference that exists; above 0 and below 1.
  package var power = 0.8
  /// Above 0 and below 1.
  package var level = 0.05

  /// No more units are tried.
  private static let limit = 10_000_000
  /// Larger noncentralities are taken as this one, at which a test finds practically everything.
  private static let farthest = 200.0

  /// `nil` for a deviation that is not above 0 or not finite: there is nothing to compute.
  package init?(standardDeviation: Double) {
    guard standardDeviation > 0, standardDeviation.isFinite else { return nil }
    self.standardDeviation = standardDeviation
  }

  /// The chance that a test with so many units finds a difference; `nil` below two units.
  package func chance(of difference: Double, units: Int) -> Double? {
    guard units > 1, difference.isFinite else { return nil }
    let freedom = Double(units - 1)
    let critical = StudentT(degreesOfFreedom: freedom).quantile(1 - level / 2)
    return chance(of: difference, units: units, critical: critical)
  }

  private func chance(of difference: Double, units: Int, critical: Double) -> Double {
    let noncentrality = abs(difference) / standardDeviation * Double(units).squareRoot()
    let distribution = NoncentralT(
      degreesOfFreedom: Double(units - 1), noncentrality: min(noncentrality, Self.farthest))
    return 1 - distribution.cumulative(critical) + distribution.cumulative(-critical)
  }

  /// The smallest difference that `units` units find with the wanted power.
  ///
  /// - Returns: `nil` below two units, and for a power that no difference reaches.
  package func detectableDifference(units: Int) -> Double? {
    guard units > 1 else { return nil }
    let critical = StudentT(degreesOfFreedom: Double(units - 1)).quantile(1 - level / 2)
    let unit = standardDeviation / Double(units).squareRoot()
    var (low, high) = (0.0, unit)
    while chance(of: high, units: units, critical: critical) < power {
      guard high < Self.farthest * unit else { return nil }
      (low, high) = (high, high * 2)
    }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if chance(of: middle, units: units, critical: critical) < power {
        low = middle
      } else {
        high = middle
      }
    }
    return (low + high) / 2
  }

  /// The fewest units that find a difference with the wanted power.
  ///
  /// - Returns: `nil` when 10,000,000 are not enough, as for a difference of 0.
  package func units(for difference: Double) -> Int? {
    guard difference != 0 else { return nil }
    let isEnough = { (units: Int) in (chance(of: difference, units: units) ?? 0) >= power }
    var (low, high) = (1, 2)
    while !isEnough(high) {
      guard high < Self.limit else { return nil }
      (low, high) = (high, min(high * 2, Self.limit))
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if isEnough(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
