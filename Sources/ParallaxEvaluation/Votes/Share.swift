package import ParallaxStatistics

/// A share with its exact interval of 95 %.
package struct Share: Sendable, Hashable {
  package let count: Int
  package let of: Int

  /// - Returns: `nil` of none.
  package init?(_ count: Int, of total: Int) {
    guard total > 0 else { return nil }
    self.count = count
    of = total
  }

  package var value: Double { Double(count) / Double(of) }

  /// By Clopper and Pearson, who take cases as independent.
  package var interval: Interval {
    Interval(
      low: ClopperPearson.lowerBound(successes: count, trials: of, confidence: 0.975),
      high: ClopperPearson.upperBound(successes: count, trials: of, confidence: 0.975))
  }
}
