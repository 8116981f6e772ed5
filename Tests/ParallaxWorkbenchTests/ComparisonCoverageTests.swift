import ParallaxCore
import ParallaxEvaluation
import ParallaxStatistics
import Testing

@testable import ParallaxWorkbench

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Whether tables of `compare` keep what they promise, over many seeded experiments with systems that
/// are equally good.
///
/// `PARALLAX_FULL_COVERAGE=1` takes the numbers of permutations and resamples that commands take, and
/// prints the shares; use a release build.
@Suite struct ComparisonCoverageTests {
  private static let isFull = getenv("PARALLAX_FULL_COVERAGE") != nil
  private static let experiments = isFull ? 2_000 : 600
  private static let questions = 40
  private static let depth = 10
  /// The mean of 1 / rank over all ranks.
  private static let truth = (1...depth).reduce(0.0) { $0 + 1 / Double($1) } / Double(depth)

  private static let judgements = Judgements(
    Dictionary(uniqueKeysWithValues: (0..<questions).map { ("q\($0)", ["r": 1]) }))
  private static let others = (1...depth).map { ItemID("n\($0)") }

  /// Lists with the relevant item at a random rank; the scores of one system vary from question to
  /// question, so that metrics of whole runs do.
  private static func system(
    _ name: String, _ generator: inout SeededGenerator
  ) throws -> SystemRun {
    var lists: [String: [RankedItem]] = [:]
    for question in 0..<questions {
      let rank = Int.random(in: 1...depth, using: &generator)
      let level = Double.random(in: 0..<0.5, using: &generator)
      lists["q\(question)"] = (1...depth).map { place in
        RankedItem(
          id: place == rank ? "r" : others[place - 1], score: level + 1 / Double(place))
      }
    }
    return SystemRun(name: name, run: Run(checked: lists))
  }

  private func request(_ seed: Int, _ generator: inout SeededGenerator) throws -> EvaluationRequest
  {
    let systems = try (0..<4).map { try Self.system("s\($0)", &generator) }
    var request = EvaluationRequest(
      systems, Self.judgements, measures: [try NamedMetric("mrr")], seed: UInt64(seed))
    request.comparison = .init()
    if !Self.isFull { (request.resamples, request.permutations) = (399, 199) }
    return request
  }

  private func check(_ name: String, _ count: Int, _ range: ClosedRange<Double>) {
    let share = Double(count) / Double(Self.experiments)
    if Self.isFull { print("\(name): \(share)") }
    // Fewer experiments vary more.
    let slack = Self.isFull ? 0 : 0.02
    #expect(
      (range.lowerBound - slack...range.upperBound + slack).contains(share), "\(name): \(share)")
  }

  @Test func `of systems that are equally good, one test in twenty finds a difference`() throws {
    var generator = SeededGenerator(seed: 77)
    var (single, family, covered, coveredDifference) = (0, 0, 0, 0)
    for experiment in 0..<Self.experiments {
      let found = try Evaluator(request(experiment, &generator), { _ in }).evaluation()
      let rows = (1...3).map { found.row(measure: 0, system: $0) }
      if let p = rows[0].difference?.evidence?.p, p <= 0.05 { single += 1 }
      let verdicts = rows.compactMap(\.difference?.verdict)
      if verdicts.contains(where: { [.better, .worse].contains($0) }) { family += 1 }
      if let interval = rows[0].interval, interval.low <= Self.truth, interval.high >= Self.truth {
        covered += 1
      }
      if let interval = rows[0].difference?.interval, interval.low <= 0, interval.high >= 0 {
        coveredDifference += 1
      }
    }
    check("p at most .05", single, 0.04...0.06)
    check("a finding in a family of 3", family, 0.035...0.06)
    check("interval covers the value", covered, 0.935...0.965)
    check("interval covers the difference", coveredDifference, 0.935...0.965)
  }

  @Test(.enabled(if: isFull)) func `metrics of whole runs keep it, too`() throws {
    var generator = SeededGenerator(seed: 78)
    var (rejected, covered) = (0, 0)
    for experiment in 0..<Self.experiments {
      var request = try request(experiment, &generator)
      request.systems = Array(request.systems.prefix(2))
      request.measures = [try NamedMetric("micro-ap")]
      request.resamples = 1_000
      let difference = try Evaluator(request, { _ in }).evaluation()
        .row(measure: 0, system: 1).difference
      if let p = difference?.evidence?.p, p <= 0.05 { rejected += 1 }
      if let interval = difference?.interval, interval.low <= 0, interval.high >= 0 { covered += 1 }
    }
    check("micro-ap, p at most .05", rejected, 0.04...0.06)
    check("micro-ap, interval covers the difference", covered, 0.935...0.965)
  }
}
