package import ParallaxStatistics

/// Average precision of all answers of all questions in one list: whether one threshold suits all
/// questions. The µAP of copy detection.
///
/// Equal scores are ordered pessimistically: what is not relevant first.
package struct MicroAPMetric: RunMetric {
  package static let spec = MetricSpec(
    id: "micro-ap", aliases: ["uap", "µap"],
    meaning: "average precision over the answers of all questions in one list by score",
    formula: "Σ precision at each relevant answer ÷ relevant items of all questions",
    judging: "whether scores of different questions compare; far below ap, they do not",
    source: "M. Douze and others, 'The 2021 image similarity dataset and challenge', 2021")

  package init(_ parameters: MetricParameters) {}

  package func statistic(of rankings: [JudgedRanking]) -> ([Int]) -> Double? {
    let answers = PooledAnswers(rankings)
    return { Self.value(answers, counts: $0, isPessimistic: true) }
  }

  package func tieRange(of rankings: [JudgedRanking]) -> Interval? {
    let answers = PooledAnswers(rankings)
    let ones = rankings.map { _ in 1 }
    guard
      let low = Self.value(answers, counts: ones, isPessimistic: true),
      let high = Self.value(answers, counts: ones, isPessimistic: false), low != high
    else { return nil }
    return Interval(low: low, high: high)
  }

  package func ceiling(of rankings: [JudgedRanking], depth: Int) -> Double? {
    reachableShare(of: rankings, depth: depth)
  }

  static func value(
    _ answers: PooledAnswers, counts: [Int], isPessimistic: Bool
  ) -> Double? {
    let total = answers.relevantCount(counts)
    guard total > 0 else { return nil }
    var (rank, found, sum) = (0, 0, 0.0)
    answers.forEachTie(counts) { tie in
      let before = isPessimistic ? rank + tie.misses : rank
      for hit in 0..<tie.hits { sum += Double(found + hit + 1) / Double(before + hit + 1) }
      found += tie.hits
      rank += tie.hits + tie.misses
    }
    return sum / Double(total)
  }
}
