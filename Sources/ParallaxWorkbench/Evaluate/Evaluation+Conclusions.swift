internal import ParallaxStatistics

extension Evaluation {
  /// Of tests.
  static let level = 0.05

  /// Corrects the p values for the family of all tests, and draws the conclusions.
  mutating func conclude() {
    guard let comparison else { return }
    let tested = rows.indices.filter { rows[$0].difference?.evidence != nil }
    familySize = tested.count
    let ps = tested.map { rows[$0].difference?.evidence?.p }
    let corrected = Holm.corrected(ps)
    for (place, index) in tested.enumerated() {
      guard var difference = rows[index].difference else { continue }
      difference.correctedP = comparison.isExploratory ? nil : corrected[place]
      difference.verdict = ComparisonVerdict(
        difference: difference.value, interval: difference.interval,
        p: comparison.isExploratory ? ps[place] : corrected[place],
        nonInferiority: difference.nonInferiority, level: Self.level)
      if difference.isNone, difference.verdict == .tooFewQuestions {
        difference.verdict = .notDistinguishable
      }
      rows[index].difference = difference
    }
  }
}

extension Evaluation.Difference {
  /// Whether no question differs.
  package var isNone: Bool {
    if case .outOfReach(differences: 0, _)? = evidence { true } else { false }
  }

  init(_ pair: PairedComparison, margin: Double?) {
    let differences = pair.differences
    self.init(
      value: pair.difference, interval: pair.interval, evidence: pair.signFlips.evidence,
      verdict: .notDistinguishable,
      counts: Counts(
        wins: differences.wins, ties: differences.ties, losses: differences.losses),
      effect: differences.effectSize, standardDeviation: differences.standardDeviation,
      tP: pair.tTest?.p,
      nonInferiority: margin.flatMap {
        NonInferiority(differences, margin: $0, level: Evaluation.level)
      })
  }
}
