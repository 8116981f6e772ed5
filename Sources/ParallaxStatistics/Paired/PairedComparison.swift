/// A candidate compared with its baseline, before the correction for several comparisons.
package struct PairedComparison: Sendable, Hashable {
  package let differences: PairedDifferences
  /// Candidate minus baseline.
  package let difference: Double
  /// The differences that the test of signs does not reject; `nil` where there are too few units or
  /// clusters.
  package let interval: Interval?
  package let signFlips: SignFlipTest.Outcome
  /// The second opinion; `nil` when nothing varies.
  package let tTest: PairedTTest?

  /// Compares candidates with one baseline, all with the same random numbers.
  ///
  /// - Parameters:
  ///   - candidates: one value a unit each, in the order of `baseline`.
  ///   - clusters: of the same units.
  /// - Throws: `CancellationError`.
  package static func comparisons(
    of candidates: [[Double]], with baseline: [Double], clusters: Clusters? = nil,
    signFlips: SignFlipTest
  ) throws -> [PairedComparison] {
    let pairs = candidates.map {
      PairedDifferences(baseline: baseline, candidate: $0, clusters: clusters)
    }
    let outcomes = try signFlips.outcomes(of: pairs)
    let intervals = try signFlips.intervals(of: pairs)
    return pairs.indices.map { index in
      PairedComparison(
        differences: pairs[index], difference: pairs[index].mean, interval: intervals[index],
        signFlips: outcomes[index], tTest: PairedTTest(pairs[index]))
    }
  }

  /// The conclusion about the candidate.
  ///
  /// - Parameters:
  ///   - p: corrected for the family; `nil` where the test is out of reach.
  ///   - margin: the largest loss that does not matter; `nil` when none was declared.
  package func verdict(p: Double?, margin: Double?, level: Double = 0.05) -> ComparisonVerdict {
    ComparisonVerdict(
      difference: difference, interval: interval, p: p,
      nonInferiority: margin.flatMap { NonInferiority(differences, margin: $0, level: level) },
      level: level)
  }
}
