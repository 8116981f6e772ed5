/// Whether a candidate is worse than a baseline by less than a margin.
///
/// A test that finds no difference does not show that there is none: it may have had too few units.
/// This test needs evidence that the loss is smaller than the margin. It is a one-sided t test at half
/// the level, which agrees with the lower end of the two-sided interval.
package struct NonInferiority: Sendable, Hashable {
  /// The largest loss that does not matter, above 0, in the unit of the differences.
  package let margin: Double
  /// The probability of a mean at least as good if the candidate were worse by the margin.
  package let p: Double
  /// Of the two-sided test that it belongs to.
  package let level: Double

  /// `nil` below two independent parts.
  ///
  /// Without variation t is not defined. Then p is that of the sign test: if all n differences are
  /// better than a loss of the margin, it is 2 to the power of -n.
  package init?(_ differences: PairedDifferences, margin: Double, level: Double = 0.05) {
    guard differences.independentCount > 1 else { return nil }
    self.margin = margin
    self.level = level
    p =
      if let test = PairedTTest(differences) {
        test.p(above: -margin)
      } else if differences.mean > -margin {
        Double(sign: .plus, exponent: -differences.independentCount, significand: 1)
      } else { 1 }
  }

  /// For a statistic that is no mean, from resampling its difference.
  package init(_ difference: BootstrapDistribution, margin: Double, level: Double = 0.05) {
    self.margin = margin
    self.level = level
    let half = difference.p(of: -margin) / 2
    p = difference.value > -margin ? half : 1 - half
  }

  /// Whether the evidence is enough.
  package var isShown: Bool { p <= level / 2 }
}
