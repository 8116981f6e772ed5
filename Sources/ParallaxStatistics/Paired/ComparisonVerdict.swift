/// The conclusion about a candidate compared with its baseline.
package enum ComparisonVerdict: String, Sendable, Hashable, CaseIterable {
  case better
  case worse
  case notWorseThanMargin = "not worse than margin"
  case tooFewQuestions = "too few questions"
  case notDistinguishable = "not distinguishable"

  /// - Parameters:
  ///   - difference: candidate minus baseline.
  ///   - interval: of the difference; a loss of the margin must lie outside of it as well.
  ///   - p: corrected for the family of comparisons; `nil` where the test is out of reach.
  ///   - nonInferiority: `nil` when no margin was declared.
  package init(
    difference: Double, interval: Interval?, p: Double?, nonInferiority: NonInferiority?,
    level: Double = 0.05
  ) {
    self =
      if let p, p <= level, difference != 0 {
        difference > 0 ? .better : .worse
      } else if let nonInferiority, nonInferiority.isShown, let interval,
        interval.low > -nonInferiority.margin
      { .notWorseThanMargin } else if p == nil { .tooFewQuestions } else { .notDistinguishable }
  }
}
