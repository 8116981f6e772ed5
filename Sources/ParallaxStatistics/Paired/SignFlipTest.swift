private import ParallaxCore

/// The paired randomisation test: if two systems are equally good, each difference could equally have
/// the other sign.
///
/// Two-sided, on the mean. p is the share of all assignments of signs whose mean is at least as far
/// from 0 as the one observed. With up to 20 differences other than 0, all assignments are counted.
/// With more, B random ones are drawn, and p = (b + 1) / (B + 1), where b of them are as far from 0; this
/// is never 0. Differences of 0 have no influence. The signs of a cluster change together.
///
/// M. D. Smucker, J. Allan and B. Carterette, "A comparison of statistical significance tests for
/// information retrieval evaluation", CIKM 2007.
package struct SignFlipTest: Sendable, Hashable {
  /// The most differences whose assignments are all counted.
  package static let exactLimit = 20

  /// How many assignments a sample has.
  package var permutations = 100_000
  package var seed: UInt64
  /// The level that p is compared with; when no p can reach it, none is reported.
  package var level = 0.05

  package init(seed: UInt64) { self.seed = seed }

  package struct Outcome: Sendable, Hashable {
    package let evidence: Evidence
    /// Units, or clusters, whose difference is not 0.
    package let differences: Int
    /// Whether p counts every assignment of signs.
    package let isExact: Bool
  }

  /// Tests several pairs of systems, all with the same random signs.
  ///
  /// The time grows with permutations × units ÷ 8 × pairs.
  ///
  /// - Parameter pairs: over the same units and clusters.
  /// - Throws: `CancellationError`.
  package func outcomes(of pairs: [PairedDifferences]) throws -> [Outcome] {
    let sums = pairs.map(\.independentSums)
    let counts = sums.map { $0.count { $0 != 0 } }
    let sampled = sums.indices.filter { counts[$0] > Self.exactLimit }
    let hits = try RandomSigns(seed: seed).hits(in: sampled.map { sums[$0] }, of: permutations)
    var shares = [Int: Double](minimumCapacity: sampled.count)
    for (index, hits) in zip(sampled, hits) {
      shares[index] = Double(hits + 1) / Double(permutations + 1)
    }
    return sums.indices.map { index in
      let least = min(1, Double(sign: .plus, exponent: 1 - counts[index], significand: 1))
      guard least <= level else {
        return Outcome(
          evidence: .outOfReach(differences: counts[index], least: least),
          differences: counts[index], isExact: true)
      }
      let p = shares[index] ?? AllSigns(sums[index].filter { $0 != 0 }).share
      return Outcome(
        evidence: .p(p), differences: counts[index], isExact: shares[index] == nil)
    }
  }
}
