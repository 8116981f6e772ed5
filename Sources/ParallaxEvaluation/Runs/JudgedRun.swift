package import ParallaxStatistics

/// A run with its judgements: the input of metrics, and which questions count.
///
/// Means are over judged questions. A judged question that the run does not answer counts with an
/// empty list, so with 0; one without any relevant item counts as well, as in trec_eval with `-c`.
package struct JudgedRun: Sendable {
  /// The judged questions that count, in byte order.
  package let questions: [String]
  /// One for each of `questions`.
  package let rankings: [JudgedRanking]
  /// Judged questions that the run does not answer.
  package let unanswered: [String]
  /// Questions of the run without judgements, which do not count.
  package let unjudged: [String]
  /// Judged questions without a relevant item.
  package let withoutRelevant: [String]
  /// The length of the run's longest list.
  package let depth: Int

  /// - Parameters:
  ///   - relevanceLevel: the least grade that is relevant, from 1.
  ///   - dropsQuestionsWithoutRelevant: whether questions without a relevant item are left out.
  package init(
    _ run: Run, _ judgements: Judgements, relevanceLevel: Int = 1,
    dropsQuestionsWithoutRelevant: Bool = false
  ) {
    let all = judgements.questions.map { question in
      (
        question: question,
        ranking: JudgedRanking(
          run.lists[question] ?? [], grades: judgements.grades[question] ?? [:],
          relevanceLevel: relevanceLevel)
      )
    }
    withoutRelevant = all.filter { $0.ranking.relevantCount == 0 }.map(\.question)
    let counted =
      dropsQuestionsWithoutRelevant ? all.filter { $0.ranking.relevantCount > 0 } : all
    questions = counted.map(\.question)
    rankings = counted.map(\.ranking)
    unanswered = questions.filter { run.lists[$0] == nil }
    unjudged = run.questions.filter { judgements.grades[$0] == nil }
    depth = run.depth
  }

  /// The value of a metric for the run.
  package func score(_ measure: NamedMetric) -> MetricScore {
    switch measure.metric {
    case let metric as any QuestionMetric: score(metric, named: measure.name)
    case let metric as any RunMetric:
      MetricScore(
        name: measure.name, value: metric.value(of: rankings), byQuestion: nil,
        tieRange: metric.tieRange(of: rankings), ceiling: metric.ceiling(of: rankings, depth: depth)
      )
    default: MetricScore(name: measure.name)
    }
  }

  private func score(_ metric: some QuestionMetric, named name: String) -> MetricScore {
    let values = rankings.map { metric.value(of: $0) }
    var (worst, best) = (values, values)
    var isTied = false
    for (index, ranking) in rankings.enumerated() {
      guard let orders = ranking.tieOrders(by: { metric.preference($0, in: ranking) }) else {
        continue
      }
      worst[index] = metric.value(of: orders.worst)
      best[index] = metric.value(of: orders.best)
      isTied = isTied || worst[index] != best[index]
    }
    return MetricScore(
      name: name, value: Self.mean(values), byQuestion: values,
      tieRange: isTied
        ? Self.mean(worst).flatMap { low in
          Self.mean(best).map { Interval(low: low, high: $0) }
        } : nil,
      ceiling: Self.mean(rankings.map { metric.value(of: $0.ideal(depth: depth)) }))
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

/// One metric's value for a run.
package struct MetricScore: Sendable, Hashable {
  /// Such as `ndcg@10`.
  package var name: String
  /// `nil` without judged questions, and where the metric is not defined.
  package var value: Double?
  /// For each counted question; `nil` for a metric of the whole run.
  package var byQuestion: [Double]?
  /// The lowest and highest value that other orders of equal scores would give; `nil` when all orders
  /// give the same.
  package var tieRange: Interval?
  /// The best value that lists of the run's depth could have under these judgements.
  package var ceiling: Double?
}
