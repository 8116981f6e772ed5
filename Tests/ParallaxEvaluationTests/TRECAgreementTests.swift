import ParallaxEvaluation
import ParallaxStatistics
import ParallaxTestSupport
import Testing

/// Against trec_eval's code, over random runs.
@Suite struct TRECAgreementTests {
  private static let pairs = 500

  @Test func `every metric is that of trec_eval for every question of 500 runs`() throws {
    let fixture = try NumberTable("questions.tsv", of: "ParallaxEvaluationTests")
    let measures = try fixture.columns.dropFirst(2).map { column in
      let parts = column.split(separator: " ", maxSplits: 1)
      return (
        column: column, measure: try NamedMetric(String(parts[0])),
        level: parts.count > 1 ? 2 : 1
      )
    }
    #expect(measures.count == 38)
    var judged: [Int: [JudgedRun]] = [:]
    for number in 1...Self.pairs {
      let pair = RandomPair(seed: number)
      let run = try pair.run()
      judged[number] = [1, 2].map {
        JudgedRun(run, JudgedQuestions(pair.judgements, relevanceLevel: $0))
      }
    }
    for row in fixture.rows {
      let runs = try #require(judged[row.count("pair")])
      let question = try row.text("question")
      let place = try #require(runs[0].questions.firstIndex(of: question))
      for (column, measure, level) in measures {
        let metric = try #require(measure.metric as? any QuestionMetric)
        let value = metric.value(of: runs[level - 1].rankings[place])
        #expect(isNear(value, try row.number(column)), "\(column): \(value)\n\(row)")
      }
    }
    #expect(fixture.rows.count == judged.values.map { $0[0].questions.count }.reduce(0, +))
  }

  @Test func `metrics of whole runs are those of their sources`() throws {
    let fixture = try NumberTable("runs.tsv", of: "ParallaxEvaluationTests")
    let measures = try fixture.columns.dropFirst().filter { !$0.hasPrefix("threshold") }
      .map { ($0, try NamedMetric($0)) }
    #expect(measures.count == 6)
    for row in fixture.rows {
      let number = try row.count("pair")
      var pair = RandomPair(seed: number)
      for extra in 1...5 {
        pair.merge(RandomPair(seed: 10_000 + 10 * number + extra), suffix: ".\(extra)")
      }
      let run = JudgedRun(try pair.run(), pair.judgements)
      let raised = JudgedRun(try pair.raised.run(), pair.judgements)
      for (column, measure) in measures {
        let isRaised = column.hasPrefix("recall")
        let score = (isRaised ? raised : run).score(measure)
        #expect(isNear(score.value, try row.number(column)), "\(column): \(score)\n\(row)")
        guard isRaised else { continue }
        let threshold = try row.number("threshold \(column)")
        #expect(threshold.isNaN ? score.threshold == nil : score.threshold == threshold, "\(row)")
      }
    }
  }

  @Test func `a value lies between those of the other orders of ties, and below the ceiling`()
    throws
  {
    let measures = try [
      "success@1", "recall@5", "precision@5", "ap", "ap@5", "ndcg@5", "ndcg-exp", "mrr", "rprec",
      "bpref", "rbp", "judged@5", "unjudged@5", "micro-ap",
    ].map { try NamedMetric($0) }
    var ties = 0
    for number in 1...100 {
      let pair = RandomPair(seed: number)
      let run = JudgedRun(try pair.run(), pair.judgements)
      for measure in measures {
        let score = run.score(measure)
        guard let value = score.value else { continue }
        if let range = score.tieRange {
          ties += 1
          #expect(range.low < range.high)
          #expect(range.low - 1e-12 <= value && value <= range.high + 1e-12, "\(measure.name)")
        }
        guard type(of: measure.metric).spec.higherIsBetter else {
          #expect(score.ceiling == nil)
          continue
        }
        let ceiling = try #require(score.ceiling)
        #expect((score.tieRange?.high ?? value) <= ceiling + 1e-12, "\(measure.name), \(number)")
      }
    }
    #expect(ties > 300)
  }
}
