/// What resampling says of a statistic: its interval for any confidence, and how well a value agrees
/// with it.
package struct BootstrapDistribution: Sendable, Hashable {
  /// The statistic of all units.
  package let value: Double
  private let sorted: [Double]
  private let bias: Double
  private let acceleration: Double
  private let units: Int
  private let isExpanded: Bool

  /// - Parameters:
  ///   - value: the statistic of all units.
  ///   - without: the statistic without each of them, in turn.
  ///   - resampled: the statistic of each resample.
  init?(value: Double, without: [Double], resampled: [Double], isExpanded: Bool) {
    guard !resampled.isEmpty, without.count > 1 else { return nil }
    self.value = value
    sorted = resampled.sorted()
    acceleration = Self.acceleration(without)
    units = without.count
    self.isExpanded = isExpanded
    bias = Normal.quantile(Self.share(below: value, of: sorted))
  }

  /// Without corrections for bias and acceleration.
  init?(value: Double, resampled: [Double], units: Int, isExpanded: Bool) {
    guard !resampled.isEmpty, units > 1 else { return nil }
    self.value = value
    sorted = resampled.sorted()
    (bias, acceleration) = (0, 0)
    self.units = units
    self.isExpanded = isExpanded
  }

  /// See ``Bootstrap``.
  ///
  /// - Parameter confidence: above 0 and below 1.
  package func interval(confidence: Double = 0.95) -> Interval {
    let ends = [-1.0, 1].map { side -> Double in
      let shifted = bias + side * reach(confidence)
      let bend = 1 - acceleration * shifted
      // Beyond its pole the correction has no meaning.
      let corrected = bend > 0 ? bias + shifted / bend : side * .infinity
      return Quantiles.value(at: Normal.cumulative(corrected), ofSorted: sorted)
    }
    return Interval(low: ends[0], high: ends[1])
  }

  /// The two-sided p of the hypothesis that the statistic is `supposed`: 1 minus the confidence of the
  /// interval that has this value as an end, so that the test and the interval agree.
  package func p(of supposed: Double) -> Double {
    let place = Normal.quantile(Self.share(below: supposed, of: sorted)) - bias
    let bend = 1 + acceleration * place
    guard bend > 0 else { return 0 }
    let distance = abs(place / bend - bias)
    guard isExpanded else { return 2 * (1 - Normal.cumulative(distance)) }
    let freedom = Double(units - 1)
    return StudentT(degreesOfFreedom: freedom)
      .twoSided(distance * (freedom / Double(units)).squareRoot())
  }

  /// How many standard errors the interval reaches to each side.
  private func reach(_ confidence: Double) -> Double {
    let tail = (1 + confidence) / 2
    guard isExpanded else { return Normal.quantile(tail) }
    let freedom = Double(units - 1)
    return (Double(units) / freedom).squareRoot()
      * StudentT(degreesOfFreedom: freedom).quantile(tail)
  }

  /// The share of resamples below a value. Ties count half: means of few values have many. If all are
  /// on one side, half of one is counted on the other.
  private static func share(below value: Double, of sorted: [Double]) -> Double {
    let rounding = PairedDifferences.rounding * max(abs(value), abs(sorted[0]))
    let below = sorted.count { $0 < value - rounding }
    let upTo = sorted.count { $0 <= value + rounding }
    let trials = Double(sorted.count)
    return min(max(Double(below + upTo) / (2 * trials), 1 / (2 * trials)), 1 - 1 / (2 * trials))
  }

  /// From the skewness of the statistic without each unit; 0 when nothing varies.
  private static func acceleration(_ without: [Double]) -> Double {
    let mean = without.mean
    let deviations = without.map { mean - $0 }
    let squares = deviations.map { $0 * $0 }.sum
    guard squares > 0 else { return 0 }
    return deviations.map { $0 * $0 * $0 }.sum / (6 * squares * squares.squareRoot())
  }
}
