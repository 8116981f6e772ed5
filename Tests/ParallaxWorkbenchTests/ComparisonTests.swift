import ParallaxCore
import ParallaxEvaluation
import ParallaxStatistics
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

/// Differences to the first system.
@Suite struct ComparisonTests {
  private static let count = 40

  private func evaluation(_ request: EvaluationRequest) throws -> Evaluation {
    try Evaluator(request, { _ in }).evaluation()
  }

  private static let judgements = Judgements(
    Dictionary(uniqueKeysWithValues: (0..<count).map { ("q\($0)", ["r": 1]) }))

  private static let asked = (0..<count).map { number in
    Question(
      "q\(number)", text: "text",
      ["kind": number % 4 == 0 ? "rare" : "usual", "half": number < 20 ? "a" : "b"])
  }

  /// A system that has the relevant item at some rank of ten, or nowhere.
  private func system(
    _ name: String, scale: Double = 1, _ rank: (Int) -> Int
  ) throws -> SystemRun {
    try .ranked(
      name,
      Dictionary(
        uniqueKeysWithValues: (0..<Self.count).map { number in
          ("q\(number)", (1...10).map { $0 == rank(number) ? "r" : "n\($0)" })
        }), scale: scale, asked: Self.asked)
  }

  private func request(
    _ systems: [SystemRun], _ measures: String..., margin: Double? = nil
  ) throws -> EvaluationRequest {
    var request = EvaluationRequest(
      systems, Self.judgements, measures: try measures.map { try NamedMetric($0) }, seed: 3)
    (request.resamples, request.permutations) = (400, 999)
    var comparison = EvaluationRequest.Comparison()
    comparison.margin = margin
    request.comparison = comparison
    return request
  }

  private func base() throws -> SystemRun { try system("base") { $0 % 5 + 1 } }

  @Test func `all differences are one family, corrected by Holm`() throws {
    let systems = [
      try base(), try system("better") { max(1, $0 % 5) },
      try system("other") { ($0 * 7) % 5 + 1 }, try system("same") { $0 % 5 + 1 },
    ]
    var request = try request(systems, "mrr", "success@1")
    request.by = "half"
    let found = try evaluation(request)
    #expect(found.slices.count == 3 && found.familySize == 3 * 2 * 3)
    #expect(found.rows.filter { $0.system == 0 }.allSatisfy { $0.difference == nil })
    let rows = found.rows.filter { $0.system > 0 }
    let corrected = Holm.corrected(rows.map { $0.difference?.evidence?.p })
    #expect(rows.map { $0.difference?.correctedP } == corrected)
    let better = try #require(found.row(measure: 0, system: 1).difference)
    #expect(better.verdict == .better && better.evidence == .p(0.001))
    #expect(better.counts == .init(wins: 32, ties: 8, losses: 0))
    #expect(try #require(better.correctedP) > 0.001 && better.value > 0.1)
    #expect(try #require(better.tP) < 0.001 && (better.effect ?? 0) > 0.5)
    let same = try #require(found.row(measure: 0, system: 3).difference)
    #expect(same.value == 0 && same.verdict == .notDistinguishable && same.isNone)
    #expect(same.evidence == .outOfReach(differences: 0, least: 1))
    #expect(same.counts == .init(wins: 0, ties: 40, losses: 0))
  }

  @Test func `each difference is that of its own test`() throws {
    let (base, other) = (try base(), try system("other") { ($0 * 3) % 7 + 1 })
    let found = try evaluation(try request([base, other], "mrr"))
    let values = try (0...1).map {
      try #require(found.row(measure: 0, system: $0).score.byQuestion)
    }
    var signs = SignFlipTest(seed: 3)
    signs.permutations = 999
    let pair = try PairedComparison.comparisons(
      of: [values[1]], with: values[0], signFlips: signs)[0]
    let difference = try #require(found.row(measure: 0, system: 1).difference)
    #expect(difference.evidence == pair.signFlips.evidence && difference.interval == pair.interval)
    #expect(difference.correctedP == difference.evidence?.p && found.familySize == 1)
    #expect(difference.tP == pair.tTest?.p)
  }

  @Test func `an exploration leaves p as it is`() throws {
    var request = try request([try base(), try system("b") { max(1, $0 % 5) }], "mrr", "ap")
    request.comparison?.isExploratory = true
    let found = try evaluation(request)
    for measure in 0...1 {
      let difference = try #require(found.row(measure: measure, system: 1).difference)
      #expect(difference.correctedP == nil && difference.verdict == .better)
    }
  }

  @Test func `a margin tells what is good enough from what is not known`() throws {
    // Slightly worse on a few questions.
    let near = try system("near") { $0 % 5 + 1 + ($0 % 20 == 4 ? 1 : 0) }
    for (margin, verdict) in [
      (nil, ComparisonVerdict.tooFewQuestions), (0.1, .notWorseThanMargin),
      (0.0001, .tooFewQuestions),
    ] {
      let found = try evaluation(try request([try base(), near], "mrr", margin: margin))
      #expect(found.row(measure: 0, system: 1).difference?.verdict == verdict)
    }
  }

  @Test func `a small slice is shown and not tested`() throws {
    var request = try request([try base(), try system("b") { max(1, $0 % 5) }], "mrr")
    request.by = "kind"
    let plain = try evaluation(request)
    #expect(plain.familySize == 3)
    let few = Judgements(
      Dictionary(uniqueKeysWithValues: (0..<32).map { ("q\($0)", ["r": 1]) }))
    request.judgements = few
    let found = try evaluation(request)
    #expect(found.slices.map(\.label) == [nil, "rare", "usual"] && found.familySize == 2)
    let rare = found.row(slice: 1, measure: 0, system: 1)
    #expect(rare.interval == nil && rare.difference?.evidence == nil)
    #expect(rare.difference?.verdict == .tooFewQuestions && rare.difference?.correctedP == nil)
    #expect((rare.difference?.value ?? 0) > 0)
  }

  @Test func `metrics of whole runs are compared without comparing scores`() throws {
    // The relevant item has a low score for every question of the baseline.
    let (base, better) = (try system("base") { $0 % 3 + 3 }, try system("better") { $0 % 2 + 1 })
    let found = try evaluation(try request([base, better], "micro-ap", margin: 0.01))
    let difference = try #require(found.row(measure: 0, system: 1).difference)
    #expect(difference.verdict == .better && difference.counts == nil && difference.tP == nil)
    let interval = try #require(difference.interval)
    #expect(interval.low > 0 && interval.low < difference.value)
    // Scores of another scale, and the same lists: the same numbers.
    let scaled = try system("better", scale: 250) { $0 % 2 + 1 }
    let again = try evaluation(try request([base, scaled], "micro-ap", margin: 0.01))
    #expect(again.row(measure: 0, system: 1).difference == difference)
    let worse = try evaluation(try request([better, base], "micro-ap", margin: 0.01))
    #expect(worse.row(measure: 0, system: 1).difference?.verdict == .worse)
    let same = try evaluation(try request([base, base], "micro-ap", margin: 0.01))
    #expect(same.row(measure: 0, system: 1).difference?.verdict == .notWorseThanMargin)
  }

  @Test func `the same request is the same table, and the seed matters`() throws {
    let systems = [try base(), try system("other") { ($0 * 7) % 5 + 1 }]
    var request = try request(systems, "mrr", "micro-ap")
    let found = try evaluation(request)
    #expect(try evaluation(request) == found)
    request.seed = 4
    let other = try evaluation(request)
    #expect(other.row(measure: 0, system: 1).score == found.row(measure: 0, system: 1).score)
    #expect(other.row(measure: 0, system: 1).interval != found.row(measure: 0, system: 1).interval)
  }
}
