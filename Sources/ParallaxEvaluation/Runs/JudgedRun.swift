package import ParallaxStatistics

/// A run with its judgements: the input of metrics.
///
/// Means are over judged questions. A judged question that the run does not answer counts with an
/// empty list, so with 0.
package struct JudgedRun: Sendable {
  /// The judged questions that count, in byte order.
  package let questions: [String]
  /// One for each of `questions`.
  package let rankings: [JudgedRanking]
  /// Judged questions that the run does not answer.
  package let unanswered: [String]
  /// Questions of the run without judgements, which do not count.
  package let unjudged: [String]
  /// Answers that do not count, because they are the question itself.
  package let leftOut: Int
  /// The length of the longest list.
  package let depth: Int

  package init(_ run: Run, _ judged: JudgedQuestions) {
    questions = judged.questions.map(\.id)
    rankings = judged.questions.map {
      JudgedRanking(run.lists[$0.id] ?? [], of: $0, relevanceLevel: judged.relevanceLevel)
    }
    unanswered = questions.filter { run.lists[$0] == nil }
    unjudged = run.questions.filter { !judged.isJudged($0) }
    leftOut = zip(judged.questions, rankings).reduce(0) { count, pair in
      count + (run.lists[pair.0.id]?.count ?? 0) - pair.1.count
    }
    depth = rankings.lazy.map(\.count).max() ?? 0
  }

  package init(_ run: Run, _ judgements: Judgements) {
    self.init(run, JudgedQuestions(judgements))
  }

  private init(_ other: JudgedRun, keeping places: [Int]) {
    questions = places.map { other.questions[$0] }
    rankings = places.map { other.rankings[$0] }
    let kept = Set(questions)
    unanswered = other.unanswered.filter(kept.contains)
    unjudged = other.unjudged
    leftOut = other.leftOut
    depth = other.depth
  }

  /// The run of some of its questions.
  ///
  /// - Parameter places: in ``questions``.
  package func keeping(_ places: [Int]) -> JudgedRun { JudgedRun(self, keeping: places) }

  /// The share of the first answers that are judged; `nil` without any answer.
  package func judgedShare(first cutoff: Int) -> Double? {
    let answers = rankings.reduce(0) { $0 + Swift.min(cutoff, $1.count) }
    let judged = rankings.reduce(0) { $0 + $1.grades.prefix(cutoff).count { $0 != nil } }
    return answers == 0 ? nil : Double(judged) / Double(answers)
  }

  /// The value of a metric for the run.
  package func score(_ measure: NamedMetric) -> MetricScore {
    switch measure.metric {
    case let metric as any QuestionMetric: score(metric, named: measure.name)
    case let metric as any RunMetric:
      MetricScore(
        name: measure.name, value: metric.value(of: rankings), byQuestion: nil,
        tieRange: metric.tieRange(of: rankings),
        ceiling: metric.ceiling(of: rankings, depth: depth),
        threshold: metric.threshold(of: rankings))
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
      ceiling: type(of: metric).spec.higherIsBetter
        ? Self.mean(rankings.map { metric.value(of: $0.ideal(depth: depth)) }) : nil)
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
  /// The best value that lists of the run's depth could have under these judgements; `nil` for a metric
  /// that is not better when it is higher.
  package var ceiling: Double?
  /// The score from which on answers count, for a metric that looks for one.
  package var threshold: Double?
}
