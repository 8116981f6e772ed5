@testable import ParallaxStatistics
import ParallaxTestSupport
import Testing

@Suite struct BootstrapTests {
  private func interval(_ values: [Double], _ bootstrap: Bootstrap) throws -> Interval? {
    try bootstrap.intervals(ofMeans: [values])[0]
  }

  @Test func `the interval of given resamples is that of SciPy`() throws {
    for row in try NumberTable("bootstrap.tsv", of: "ParallaxStatisticsTests").rows {
      var bootstrap = Bootstrap(seed: UInt64(try row.count("seed")))
      bootstrap.resamples = try row.count("resamples")
      bootstrap.confidence = try row.number("confidence")
      bootstrap.isExpanded = false
      let interval = try interval(try row.numbers("values"), bootstrap)
      #expect(isNear(interval?.low, try row.number("low")), "\(row)")
      #expect(isNear(interval?.high, try row.number("high")), "\(row)")
    }
  }

  @Test func `a mean by its own way is a mean as any statistic`() throws {
    let values = (0..<30).map { Double(($0 * 13) % 17) / 17 }
    var bootstrap = Bootstrap(seed: 4)
    bootstrap.resamples = 500
    let mean = try #require(try interval(values, bootstrap))
    let general = try #require(
      try bootstrap.interval(units: 30) { counts in
        zip(values, counts).map { $0 * Double($1) }.reduce(0, +) / 30
      })
    // The general one leaves a unit out without dividing by one less: the skewness is the same.
    #expect(isNear(general.low, mean.low, 1e-9) && isNear(general.high, mean.high, 1e-9))
  }

  @Test func `expanding widens the interval, less with more units`() throws {
    for count in [10, 100] {
      let values = (0..<count).map { Double(($0 * 37) % count) / Double(count) }
      var bootstrap = Bootstrap(seed: 8)
      bootstrap.resamples = 2_000
      let wide = try #require(try interval(values, bootstrap))
      bootstrap.isExpanded = false
      let narrow = try #require(try interval(values, bootstrap))
      let factor = (wide.high - wide.low) / (narrow.high - narrow.low)
      #expect(count == 10 ? (1.1...1.4).contains(factor) : (1...1.05).contains(factor))
    }
  }

  @Test func `a few values have an interval, one has none`() throws {
    var bootstrap = Bootstrap(seed: 1)
    bootstrap.resamples = 200
    #expect(try interval([], bootstrap) == nil && interval([0.5], bootstrap) == nil)
    #expect(try interval([0.5, 0.5, 0.5], bootstrap) == Interval(low: 0.5, high: 0.5))
    #expect(try interval([0, 1], bootstrap) == Interval(low: 0, high: 1))
    #expect(try bootstrap.intervals(ofMeans: []) == [])
    bootstrap.confidence = 1
    #expect(try interval([0, 1], bootstrap)?.low == 0)
    bootstrap.confidence = 0.95
    let nothing = try bootstrap.interval(units: 9) { _ in nil }
    #expect(nothing == nil)
    // Not defined without the first unit, and in the resamples that lack it.
    let some = try bootstrap.interval(units: 9) { $0[0] == 0 ? nil : Double($0[0]) }
    #expect(try #require(some).low == 1)
  }

  @Test func `the p of a value is that at which an interval has it as its end`() throws {
    // A skewed statistic of few units: bias and acceleration both matter.
    let values = (1...15).map { Double($0 * $0) }
    for isExpanded in [true, false] {
      var bootstrap = Bootstrap(seed: 6)
      bootstrap.resamples = 4_000
      bootstrap.isExpanded = isExpanded
      let found = try bootstrap.distribution(units: 15) { counts in
        let total = counts.reduce(0, +)
        return zip(values, counts).map { $0 * Double($1) }.reduce(0, +) / Double(total)
      }
      let distribution = try #require(found)
      for confidence in [0.5, 0.8, 0.95, 0.99] {
        let interval = distribution.interval(confidence: confidence)
        for end in [interval.low, interval.high] {
          let p = distribution.p(of: end)
          #expect(isNear(p, 1 - confidence, 0.004), "\(confidence), \(end): \(p)")
        }
      }
      #expect(distribution.p(of: distribution.value) > 0.85)
      #expect(distribution.p(of: 1_000) < 0.01 && distribution.p(of: -1_000) < 0.01)
    }
  }

  @Test func `a loss beyond the margin is ruled out where the interval ends above it`() throws {
    let values = (0..<40).map { Double(($0 * 13) % 17) / 17 - 0.45 }
    var bootstrap = Bootstrap(seed: 3)
    bootstrap.resamples = 2_000
    let found = try bootstrap.distribution(units: 40) { counts in
      zip(values, counts).map { $0 * Double($1) }.reduce(0, +) / 40
    }
    let distribution = try #require(found)
    let low = distribution.interval().low
    #expect(low < 0)
    #expect(NonInferiority(distribution, margin: -low + 0.01).isShown)
    #expect(!NonInferiority(distribution, margin: -low - 0.01).isShown)
    #expect(NonInferiority(distribution, margin: 10).p < 0.01)
  }

  @Test func `clusters are drawn as wholes`() throws {
    // Within a cluster all are alike: there are five units, not fifty.
    let values = (0..<50).map { Double($0 / 10) }
    var bootstrap = Bootstrap(seed: 2)
    bootstrap.resamples = 1_000
    let clusters = Clusters(values.map { Int($0) })
    let clustered = try #require(
      try bootstrap.intervals(ofMeans: [values], clusters: clusters)[0])
    let five = try #require(try interval([0, 1, 2, 3, 4], bootstrap))
    #expect(isNear(clustered.low, five.low) && isNear(clustered.high, five.high))
    let fifty = try #require(try interval(values, bootstrap))
    #expect(clustered.high - clustered.low > 2 * (fifty.high - fifty.low))
  }

  @Test func `units are drawn evenly`() {
    var indices = RandomIndices(below: 7, seed: 5)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[indices.next()] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 400 })
  }

  @Test func `comparisons share their signs and say all of a pair`() throws {
    let baseline = (0..<30).map { Double(($0 * 7) % 11) / 11 }
    let better = baseline.map { $0 + 0.1 }
    var signs = SignFlipTest(seed: 1)
    signs.permutations = 999
    let both = try PairedComparison.comparisons(
      of: [baseline, better], with: baseline, signFlips: signs)
    #expect(both[0].interval == Interval(low: 0, high: 0) && both[0].tTest == nil)
    #expect(both[0].verdict(p: nil, margin: nil) == .tooFewQuestions)
    #expect(both[0].verdict(p: nil, margin: 0.01) == .notWorseThanMargin)
    #expect(both[1].signFlips.evidence == .p(0.001))
    #expect(both[1].verdict(p: 0.002, margin: nil) == .better)
    let alone = try PairedComparison.comparisons(
      of: [better], with: baseline, signFlips: signs)
    #expect(alone == [both[1]])
  }
}
