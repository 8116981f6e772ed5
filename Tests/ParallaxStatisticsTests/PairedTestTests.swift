@testable import ParallaxStatistics
import ParallaxTestSupport
import Testing

@Suite struct PairedTestTests {
  private static let golden = [0.12, -0.05, 0.30, 0, 0.08, 0.10, -0.02, 0.22, 0.05, 0]

  private func differences(
    _ values: [Double], clusters: Clusters? = nil
  ) -> PairedDifferences {
    PairedDifferences(
      baseline: values.map { _ in 0 }, candidate: values, clusters: clusters)
  }

  private func outcome(_ pairs: PairedDifferences) throws -> SignFlipTest.Outcome {
    try #require(try SignFlipTest(seed: 1).outcomes(of: [pairs]).first)
  }

  @Test func `differences that cancel out have no mean`() {
    // Of doubles, 0.1 + 0.2 is not 0.3.
    let pairs = differences([0.1, 0.2, -0.3])
    #expect(pairs.values.sum != 0 && pairs.mean == 0)
    #expect(differences([1e-15, 0]).mean == 5e-16)
  }

  @Test func `ten differences have the p of all their signs`() throws {
    let pairs = differences(Self.golden)
    #expect(try outcome(pairs) == .init(evidence: .p(0.046875), differences: 8, isExact: true))
    let test = try #require(PairedTTest(pairs))
    #expect(test.degreesOfFreedom == 9)
    #expect(isNear(pairs.mean, 0.08, 1e-15))
    #expect(isNear(pairs.standardDeviation, 0.11086, 5e-6))
    #expect(isNear(test.t, 2.2821, 5e-5))
    #expect(isNear(test.p, 0.04840, 5e-6))
    #expect(isNear(pairs.effectSize, 0.7217, 5e-5))
    #expect((pairs.wins, pairs.ties, pairs.losses) == (6, 2, 2))
  }

  @Test func `pairs have the numbers of SciPy`() throws {
    for row in try NumberTable("pairs.tsv", of: "ParallaxStatisticsTests").rows {
      let pairs = differences(try row.numbers("differences"))
      let exact = try row.number("exact_p")
      let (evidence, count) = (try outcome(pairs).evidence, pairs.values.count { $0 != 0 })
      #expect(count < 6 ? evidence.p == nil : evidence.p == exact, "\(row)")
      #expect(isNear(pairs.mean, try row.number("mean")))
      #expect(isNear(pairs.standardDeviation, try row.number("sd")))
      let test = try #require(PairedTTest(pairs))
      #expect(isNear(test.t, try row.number("t")), "\(row)")
      #expect(isNear(test.p, try row.number("p")), "\(row)")
      let interval = test.interval()
      #expect(isNear(interval.low, try row.number("low")), "\(row)")
      #expect(isNear(interval.high, try row.number("high")), "\(row)")
      let margin = NonInferiority(pairs, margin: 0.1)
      #expect(isNear(margin?.p, try row.number("p_above_minus_0.1")), "\(row)")
    }
  }

  @Test func `clusters have the numbers of statsmodels, and flip as wholes`() throws {
    for row in try NumberTable("clusters.tsv", of: "ParallaxStatisticsTests").rows {
      let labels = try row.text("clusters").split(separator: " ")
      let pairs = differences(try row.numbers("differences"), clusters: Clusters(labels))
      let test = try #require(PairedTTest(pairs))
      #expect(isNear(test.t, try row.number("t")), "\(row)")
      #expect(isNear(test.p, try row.number("p")), "\(row)")
      #expect(isNear(test.interval().low, try row.number("low")), "\(row)")
      #expect(isNear(test.interval().high, try row.number("high")), "\(row)")
      let (outcome, exact) = (try outcome(pairs), try row.number("exact_p"))
      #expect(outcome.differences == pairs.clusters?.count)
      if exact >= 0 {
        #expect(outcome.evidence.p == (outcome.differences < 6 ? nil : exact), "\(row)")
      }
    }
  }

  @Test func `each unit its own cluster is no clusters`() throws {
    let values = (0..<40).map { Double(($0 * 37) % 23) / 20 - 0.5 }
    let (alone, clustered) = (
      differences(values), differences(values, clusters: Clusters(values.indices))
    )
    #expect(try outcome(alone) == outcome(clustered))
    #expect(isNear(PairedTTest(clustered)?.p, try #require(PairedTTest(alone)?.p), 1e-14))
  }

  @Test func `few differences are out of reach, and no p is given`() throws {
    for count in 0...5 {
      let values = [Double](repeating: 0.3, count: count) + [Double](repeating: 0, count: 50)
      let least = count == 0 ? 1 : 2 / Double(1 << count)
      #expect(
        try outcome(differences(values)).evidence
          == .outOfReach(differences: count, least: least))
    }
    let six = differences([Double](repeating: 0.3, count: 6) + [0])
    #expect(try outcome(six).evidence == .p(0.03125))
    var strict = SignFlipTest(seed: 1)
    strict.level = 0.01
    #expect(
      try strict.outcomes(of: [six])[0].evidence == .outOfReach(differences: 6, least: 0.03125))
  }

  @Test func `rounding makes neither a difference nor a smaller p`() throws {
    let pairs = PairedDifferences(
      baseline: [0.3, 0.1 + 0.2, 1e-20], candidate: [0.1 + 0.2, 0.3, 2e-20])
    #expect(pairs.values == [0, 0, 1e-20])
    let clusters = Clusters(["a", "a", "a", "b"])
    #expect(differences([0.1, 0.2, -0.3, 1], clusters: clusters).independentSums == [0, 1])
    #expect(!differences([0.1, 0.3 - 0.2, 0.1]).varies)
    // Only as many as there are ways to reach the same sum again.
    let tenths = [Double](repeating: 0.1, count: 12)
    #expect(try outcome(differences(tenths)).evidence == .p(2.0 / 4096))
  }

  @Test func `a sample of signs is near all signs, and the same for every company`() throws {
    let values = (0..<20).map { Double(($0 * 29) % 31) / 31 - 0.35 }
    let exact = try #require(try outcome(differences(values)).evidence.p)
    let hits = try RandomSigns(seed: 3).hits(in: [values], of: 20_000)
    #expect(abs(Double(hits[0]) / 20_000 - exact) < 0.015)
    let other = values.map { $0 * 2 + 0.1 }
    #expect(try RandomSigns(seed: 3).hits(in: [other, values], of: 20_000)[1] == hits[0])
    #expect(try RandomSigns(seed: 4).hits(in: [values], of: 20_000) != hits)
    // Zeros take bits, but change nothing else.
    let padded = values + [Double](repeating: 0, count: 100)
    #expect(try RandomSigns(seed: 5).hits(in: [padded], of: 999).count == 1)
  }

  @Test func `random signs are the same on every machine`() throws {
    for row in try NumberTable("signs.tsv", of: "ParallaxStatisticsTests").rows {
      let signs = RandomSigns(seed: UInt64(try row.count("seed")))
      let hits = try signs.hits(
        in: [try row.numbers("differences")], of: try row.count("permutations"))
      #expect(hits == [try row.count("hits")], "\(row)")
    }
  }

  @Test func `a sampled p is never 0`() throws {
    var test = SignFlipTest(seed: 9)
    test.permutations = 999
    let clear = differences((0..<60).map { 1 + Double($0) / 100 })
    #expect(
      try test.outcomes(of: [clear]) == [
        .init(evidence: .p(0.001), differences: 60, isExact: false)
      ])
    // With a mean of 0 every assignment is as far from 0.
    let even = differences((0..<60).map { $0 % 2 == 0 ? 1 : -1 })
    #expect(try test.outcomes(of: [even])[0].evidence == .p(1))
  }

  @Test func `what does not vary has no t`() throws {
    #expect(PairedTTest(differences([0.1, 0.1, 0.1])) == nil)
    #expect(PairedTTest(differences([0.1])) == nil)
    #expect(PairedTTest(differences([])) == nil)
    #expect(differences([0.1, 0.1]).effectSize == nil)
    // Clusters with one mean.
    #expect(
      PairedTTest(differences([0.1, 0.3, 0.1, 0.3], clusters: Clusters([0, 0, 1, 1]))) == nil)
  }
}
