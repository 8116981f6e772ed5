@testable import ParallaxStatistics
import ParallaxCore
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Whether tests and intervals keep what they promise, over many seeded experiments.
///
/// `PARALLAX_FULL_COVERAGE=1` takes the numbers of permutations and resamples that commands take, and
/// prints the shares; use a release build.
@Suite struct CoverageTests {
  private static let isFull = getenv("PARALLAX_FULL_COVERAGE") != nil
  private static let experiments = 2_000

  /// Values between 0 and 1 as metrics have them: many zeros, many ones, the rest between.
  private static func score(_ generator: inout SeededGenerator) -> Double {
    let kind = Double.random(in: 0..<1, using: &generator)
    return kind < 0.25 ? 0 : kind < 0.45 ? 1 : Double.random(in: 0..<1, using: &generator)
  }

  /// Differences of two systems of the same quality.
  private static func null(_ count: Int, _ generator: inout SeededGenerator) -> [Double] {
    (0..<count).map { _ in score(&generator) - score(&generator) }
  }

  private func report(_ name: String, _ share: Double) {
    if Self.isFull { print("\(name): \(share)") }
  }

  @Test func `tests at five per cent reject five per cent of what is alike`() throws {
    var generator = SeededGenerator(seed: 2024)
    var (signs, ts, families) = (0, 0, 0)
    var test = SignFlipTest(seed: 1)
    test.permutations = Self.isFull ? 100_000 : 499
    for experiment in 0..<Self.experiments {
      test.seed = UInt64(experiment)
      let lists = (0..<4).map { _ in Self.null(30, &generator) }
      let pairs = lists.map {
        PairedDifferences(baseline: $0.map { _ in 0 }, candidate: $0)
      }
      let ps = try test.outcomes(of: pairs).map(\.evidence.p)
      if let p = ps[0], p <= 0.05 { signs += 1 }
      if let t = PairedTTest(pairs[0]), t.p <= 0.05 { ts += 1 }
      if Holm.corrected(ps).contains(where: { ($0 ?? 1) <= 0.05 }) { families += 1 }
    }
    for (name, count) in [("sign flips", signs), ("t", ts), ("Holm's family of 4", families)] {
      let share = Double(count) / Double(Self.experiments)
      report("rejected, \(name)", share)
      #expect((0.04...0.06).contains(share), "\(name): \(share)")
    }
  }

  @Test(arguments: [20, 50, 100])
  func `intervals of 95 per cent cover the truth`(units: Int) throws {
    let experiments = Self.isFull ? Self.experiments : 200
    var generator = SeededGenerator(seed: 7)
    var bootstrap = Bootstrap(seed: 1)
    bootstrap.resamples = Self.isFull ? 10_000 : 199
    var (expanded, plain, ts) = (0, 0, 0)
    for experiment in 0..<experiments {
      bootstrap.seed = UInt64(experiment)
      let values = Self.null(units, &generator)
      let pairs = PairedDifferences(baseline: values.map { _ in 0 }, candidate: values)
      bootstrap.isExpanded = true
      if let interval = try bootstrap.intervals(ofMeans: [values])[0], interval.low <= 0,
        interval.high >= 0
      {
        expanded += 1
      }
      if Self.isFull {
        bootstrap.isExpanded = false
        if let interval = try bootstrap.intervals(ofMeans: [values])[0], interval.low <= 0,
          interval.high >= 0
        {
          plain += 1
        }
      }
      if let interval = PairedTTest(pairs)?.interval(), interval.low <= 0, interval.high >= 0 {
        ts += 1
      }
    }
    let range = Self.isFull ? 0.935...0.965 : 0.9...0.99
    report("covered, \(units) units, BCa as SciPy's", Double(plain) / Double(experiments))
    for (name, count) in [("BCa", expanded), ("t", ts)] {
      let share = Double(count) / Double(experiments)
      report("covered, \(units) units, \(name)", share)
      #expect(range.contains(share), "\(name), \(units) units: \(share)")
    }
  }
}
