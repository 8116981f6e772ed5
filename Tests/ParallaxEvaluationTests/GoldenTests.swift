import ParallaxCore
import ParallaxEvaluation
import ParallaxStatistics
import ParallaxTestSupport
import Testing

/// A small example by hand, checked with trec_eval 10.
@Suite struct GoldenTests {
  private static let qrels = """
    q1 0 a 2
    q1 0 b 0
    q1 0 c 1
    q1 0 d 3
    q1 0 e -1
    q2 0 a 1
    q2 0 x 1
    q3 0 a 0
    q4 0 z 1
    """
  private static let run = """
    q1 Q0 a 1 0.9 r
    q1 Q0 b 2 0.9 r
    q1 Q0 c 3 0.9 r
    q1 Q0 u 4 0.5 r
    q2 Q0 y 1 0.9 r
    q2 Q0 a 2 0.8 r
    q3 Q0 a 1 0.9 r
    q9 Q0 a 1 0.9 r
    """

  private func questions(dropsEmpty: Bool = false) throws -> JudgedQuestions {
    JudgedQuestions(
      try TRECFormat.judgements(Array(Self.qrels.utf8), named: "qrels"), dropsEmpty: dropsEmpty)
  }

  private func judged(dropsEmpty: Bool = false) throws -> JudgedRun {
    JudgedRun(
      try TRECFormat.run(Array(Self.run.utf8), named: "r.run"),
      try questions(dropsEmpty: dropsEmpty))
  }

  @Test(arguments: [
    ("ap", [0.5556, 0.25, 0, 0]), ("ndcg@10", [0.4200, 0.3869, 0, 0]),
    ("mrr", [1, 0.5, 0, 0]), ("precision@5", [0.4, 0.2, 0, 0]),
    ("recall@5", [0.6667, 0.5, 0, 0]), ("rprec", [0.6667, 0.5, 0, 0]),
    ("bpref", [0.3333, 0.5, 0, 0]), ("rbp", [0.0873, 0.09, 0, 0]),
    ("judged@5", [0.6, 0.2, 0.2, 0]), ("unj@5", [0.2, 0.2, 0, 0]),
  ])
  func `each question has the value of trec_eval`(name: String, values: [Double]) throws {
    let score = try judged().score(NamedMetric(name))
    for (value, wanted) in zip(try #require(score.byQuestion), values) {
      #expect(isNear(value, wanted, 5e-5), "\(value)")
    }
  }

  @Test func `means are over judged questions, and mismatches are listed`() throws {
    let run = try judged()
    #expect(run.questions == ["q1", "q2", "q3", "q4"])
    #expect(run.unanswered == ["q4"] && run.unjudged == ["q9"])
    #expect(try questions().withoutRelevant == ["q3"])
    #expect(isNear(run.score(try NamedMetric("ap")).value, 0.2014, 5e-5))
    #expect(isNear(run.score(try NamedMetric("ndcg@10")).value, 0.2017, 5e-5))
    let some = try judged(dropsEmpty: true)
    #expect(some.questions == ["q1", "q2", "q4"])
    #expect(try questions(dropsEmpty: true).withoutRelevant == ["q3"])
    #expect(isNear(some.score(try NamedMetric("ap")).value, 0.2014 * 4 / 3, 1e-4))
  }

  @Test func `the range of ties is the worst and the best order`() throws {
    let score = try judged().score(NamedMetric("ap"))
    let range = try #require(score.tieRange)
    // Only the first question has a tie that matters: .3889 to .6667.
    #expect(isNear(range.low, (0.3889 + 0.25) / 4, 2e-5))
    #expect(isNear(range.high, (0.6667 + 0.25) / 4, 2e-5))
    #expect(try judged().score(NamedMetric("recall@5")).tieRange == nil)
    #expect(try judged().score(NamedMetric("judged@1")).tieRange == nil)
  }

  @Test func `the ceiling is what the judgements and the depth allow`() throws {
    let run = try judged()
    // Three, two, no and one relevant items; four items were answered at most.
    let ceilings: [(String, Double)] = [
      ("recall@1", 0.458_333_333_333_333_3), ("recall@100", 0.75), ("ap", 0.75),
      ("precision@5", 0.3), ("success@1", 0.75), ("ndcg@10", 0.75), ("judged@10", 0.2),
      ("bpref", 0.75), ("micro-ap", 1),
    ]
    for (name, ceiling) in ceilings {
      #expect(isNear(run.score(try NamedMetric(name)).ceiling, ceiling, 1e-12), "\(name)")
    }
    let deep = try Run(["q": [RankedItem(id: "a", score: 1)]])
    let many = Judgements(["q": ["a": 1, "b": 1, "c": 1, "d": 1]])
    #expect(JudgedRun(deep, many).score(try NamedMetric("recall@10")).ceiling == 0.25)
    #expect(JudgedRun(deep, many).score(try NamedMetric("micro-ap")).ceiling == 0.25)
  }

  @Test func `similarity of lists is that of their papers`() throws {
    let (left, right) = (Array("abcde"), Array("badfc"))
    for (p, values) in [
      (0.9, [0.2512, 0.4611, 0.7236, 0.6133]), (0.95, [0.1423, 0.3424, 0.7613, 0.6291]),
    ] {
      let overlap = try #require(RankBiasedOverlap(left, right, p: p))
      #expect(isNear(overlap.truncated, values[0], 5e-5))
      #expect(isNear(overlap.low, values[1], 5e-5))
      #expect(isNear(overlap.extrapolated, values[2], 5e-5))
      #expect(isNear(overlap.normalizedTruncated, values[3], 5e-5))
    }
    let correlation = try #require(ListCorrelation(left, reference: right))
    #expect(correlation.common == 4 && isNear(correlation.tau, 0.3333, 5e-5))
    let common = try #require(ListOverlap(left, right, depth: 5))
    #expect(common.common == 4 && common.overlap == 0.8 && isNear(common.jaccard, 0.6667, 5e-5))
  }

  @Test func `without questions and without relevant items there is a value or none`() throws {
    let nothing = JudgedRun(try Run([:]), Judgements([:] as [String: ItemGrades]))
    for metric in ["ap", "micro-ap", "nauc"] {
      let score = nothing.score(try NamedMetric(metric))
      #expect(score.value == nil && score.tieRange == nil)
    }
    let useless = JudgedRun(try Run([:]), Judgements(["q": ["a": 0]]))
    #expect(useless.score(try NamedMetric("ap")).value == 0)
    #expect(useless.score(try NamedMetric("micro-ap")).value == nil)
    #expect(useless.score(try NamedMetric("nauc")).value == nil)
  }

  @Test func `micro-ap resamples questions and not pairs`() throws {
    let run = try judged()
    let metric = try #require(NamedMetric("micro-ap").metric as? any RunMetric)
    let statistic = metric.statistic(of: run.rankings)
    #expect(statistic([1, 1, 1, 1]) == run.score(try NamedMetric("micro-ap")).value)
    // The first question alone, twice: as often relevant and not, with twice as many to be found.
    #expect(isNear(statistic([2, 0, 0, 0]), 0.35, 1e-12))
    #expect(statistic([0, 0, 3, 0]) == nil)
  }
}
