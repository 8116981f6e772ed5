import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStatistics

@Suite struct SignFlipIntervalTests {
  private func pairs(_ values: [Double], _ clusters: Clusters? = nil) -> PairedDifferences {
    PairedDifferences(baseline: values.map { _ in 0 }, candidate: values, clusters: clusters)
  }

  private func interval(_ test: SignFlipTest, _ pairs: PairedDifferences) throws -> Interval? {
    try test.intervals(of: [pairs])[0]
  }

  private func p(_ test: SignFlipTest, _ values: [Double], less shift: Double) throws -> Double {
    let outcome = try test.outcomes(of: [pairs(values.map { $0 - shift })])[0]
    return outcome.evidence.p ?? 1
  }

  @Test func `all subsets of six numbers give the ends that a hand finds`() throws {
    // Of 64 subsets, 1.6 means are left out at each end: the empty one and one more stays.
    let values = [0.3, -0.1, 0.2, 0.25, 0.15, 0.05]
    let found = try #require(try interval(SignFlipTest(seed: 1), pairs(values)))
    #expect(isNear(found.low, -0.1, 1e-12) && isNear(found.high, 0.3, 1e-12))
    // With five numbers no end can be ruled out, as no p can be small enough.
    #expect(try interval(SignFlipTest(seed: 1), pairs(Array(values.prefix(5)))) == nil)
    #expect(try interval(SignFlipTest(seed: 1), pairs([0.5])) == nil)
    #expect(try SignFlipTest(seed: 1).intervals(of: []).isEmpty)
  }

  @Test(arguments: [10, 16, 30])
  func `a difference is in the interval where the test does not reject it`(count: Int) throws {
    var test = SignFlipTest(seed: 4)
    test.permutations = 4_000
    var generator = SeededGenerator(seed: UInt64(count))
    for _ in 0..<5 {
      let values = (0..<count).map { _ in Double.random(in: -0.4...0.6, using: &generator) }
      let found = try #require(try interval(test, pairs(values)))
      let step = (found.high - found.low) / 50
      #expect(try p(test, values, less: found.low - step) <= 0.05)
      #expect(try p(test, values, less: found.high + step) <= 0.05)
      #expect(try p(test, values, less: found.low + step) > 0.05)
      #expect(try p(test, values, less: found.high - step) > 0.05)
    }
  }

  @Test func `of normal differences it is that of Student's t`() throws {
    let values = (1...60).map { Normal.quantile(Double($0) / 61) * 0.1 + 0.02 }
    let t = try #require(PairedTTest(pairs(values))).interval()
    let found = try #require(try interval(SignFlipTest(seed: 2), pairs(values)))
    #expect(isNear(found.low, t.low, 0.002) && isNear(found.high, t.high, 0.002))
  }

  @Test func `clusters are in a subset or not as wholes`() throws {
    // Ten clusters of three alike: ten units.
    let parts = [0.3, -0.1, 0.2, 0.25, 0.15, 0.05, 0.4, -0.2, 0.1, 0.35]
    let values = parts.flatMap { [$0, $0, $0] }
    let test = SignFlipTest(seed: 1)
    let clustered = try interval(test, pairs(values, Clusters((0..<30).map { $0 / 3 })))
    let alone = try interval(test, pairs(parts))
    #expect(isNear(clustered?.low, try #require(alone).low, 1e-12))
    #expect(isNear(clustered?.high, try #require(alone).high, 1e-12))
    let independent = try #require(try interval(test, pairs(values)))
    #expect(independent.high - independent.low < 0.7 * ((alone?.high ?? 0) - (alone?.low ?? 0)))
  }

  @Test func `a value is found at its place without sorting`() {
    var generator = SeededGenerator(seed: 9)
    for count in [1, 2, 3, 10, 1_000] {
      for kinds in [2, 7, 1_000_000] {
        let values = (0..<count).map { _ in Double(Int.random(in: 0..<kinds, using: &generator)) }
        let sorted = values.sorted()
        for place in Set([0, count / 3, count / 2, count - 1]) {
          var copy = values
          #expect(OrderStatistic.value(at: place, of: &copy) == sorted[place])
        }
      }
    }
  }

  @Test func `it covers the truth where few units differ`() throws {
    var test = SignFlipTest(seed: 1)
    test.permutations = 999
    var bootstrap = Bootstrap(seed: 1)
    bootstrap.resamples = 499
    var generator = SeededGenerator(seed: 11)
    var (covered, coveredBCa) = (0, 0)
    for experiment in 0..<300 {
      (test.seed, bootstrap.seed) = (UInt64(experiment), UInt64(experiment))
      let values = (0..<40).map { _ -> Double in
        guard Double.random(in: 0..<1, using: &generator) < 0.2 else { return 0 }
        let ranks = (0..<2).map { _ in Double(Int.random(in: 1...10, using: &generator)) }
        return 1 / ranks[0] - 1 / ranks[1]
      }
      let found = try interval(test, pairs(values))
      if let found, found.low <= 0, found.high >= 0 { covered += 1 }
      let other = try bootstrap.intervals(ofMeans: [values])[0]
      if let other, other.low <= 0, other.high >= 0 { coveredBCa += 1 }
    }
    #expect((0.94...0.99).contains(Double(covered) / 300), "\(covered)")
    #expect(Double(coveredBCa) / 300 < 0.87, "why another interval is taken: \(coveredBCa)")
  }
}
