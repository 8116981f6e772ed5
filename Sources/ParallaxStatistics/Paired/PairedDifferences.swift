/// The differences between a candidate and a baseline on the same units, such as questions.
package struct PairedDifferences: Sendable, Hashable {
  /// Candidate minus baseline, one a unit; exactly 0 where the two are equal but for rounding.
  package let values: [Double]
  /// `nil` when all units are independent.
  package let clusters: Clusters?

  /// The relative difference up to which two numbers count as equal: they may have been computed in
  /// different ways.
  static let rounding = 1e-12

  /// - Parameters:
  ///   - baseline: finite numbers, one a unit.
  ///   - candidate: as many, in the same order.
  ///   - clusters: over the same units.
  package init(baseline: [Double], candidate: [Double], clusters: Clusters? = nil) {
    precondition(baseline.count == candidate.count, "pairs of different units")
    precondition(clusters.map { $0.numbers.count == baseline.count } ?? true, "other units")
    values = zip(baseline, candidate).map { old, new in
      abs(new - old) <= Self.rounding * max(abs(new), abs(old)) ? 0 : new - old
    }
    self.clusters = clusters
  }

  /// Exactly 0 where the values cancel out but for rounding; not a number without units.
  package var mean: Double {
    let sum = values.sum
    return abs(sum) <= Self.rounding * values.map(abs).sum && !values.isEmpty ? 0 : values.mean
  }

  /// With the divisor n - 1; `nil` below two units.
  package var standardDeviation: Double? {
    guard values.count > 1 else { return nil }
    let mean = mean
    let squares = values.map { ($0 - mean) * ($0 - mean) }
    return (squares.sum / Double(values.count - 1)).squareRoot()
  }

  /// Cohen's d for pairs, d_z: the mean over the standard deviation; `nil` when nothing varies.
  ///
  /// About 0.2 is small, 0.5 medium, 0.8 large (J. Cohen, 1988).
  package var effectSize: Double? {
    guard varies, let standardDeviation else { return nil }
    return mean / standardDeviation
  }

  /// Units on which the candidate is above the baseline.
  package var wins: Int { values.count { $0 > 0 } }
  package var ties: Int { values.count { $0 == 0 } }
  package var losses: Int { values.count { $0 < 0 } }

  /// The number of clusters, or of units without clusters.
  package var independentCount: Int { clusters?.count ?? values.count }

  /// The sums within clusters, or the values without clusters; exactly 0 where a cluster's values cancel
  /// out but for rounding.
  var independentSums: [Double] {
    guard let clusters else { return values }
    return zip(clusters.sums(of: values), clusters.sums(of: values.map(abs))).map { sum, size in
      abs(sum) <= Self.rounding * size ? 0 : sum
    }
  }

  /// How many units each independent part has.
  var independentSizes: [Double] {
    clusters?.sizes.map(Double.init) ?? values.map { _ in 1 }
  }

  /// Whether the values differ from one another beyond rounding.
  var varies: Bool {
    guard let low = values.min(), let high = values.max() else { return false }
    return high - low > Self.rounding * max(abs(low), abs(high))
  }
}
