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
    let answers = Self.answers(of: rankings)
    let relevant = rankings.map(\.relevantCount)
    return { Self.value(answers, relevant, counts: $0, isPessimistic: true) }
  }

  package func tieRange(of rankings: [JudgedRanking]) -> Interval? {
    let answers = Self.answers(of: rankings)
    let relevant = rankings.map(\.relevantCount)
    let ones = rankings.map { _ in 1 }
    guard
      let low = Self.value(answers, relevant, counts: ones, isPessimistic: true),
      let high = Self.value(answers, relevant, counts: ones, isPessimistic: false), low != high
    else { return nil }
    return Interval(low: low, high: high)
  }

  package func ceiling(of rankings: [JudgedRanking], depth: Int) -> Double? {
    let relevant = rankings.map(\.relevantCount)
    let total = relevant.reduce(0, +)
    guard total > 0 else { return nil }
    return Double(relevant.map { min($0, depth) }.reduce(0, +)) / Double(total)
  }

  private struct Answer {
    var score: Double
    var question: Int
    var isRelevant: Bool
  }

  /// By falling score.
  private static func answers(of rankings: [JudgedRanking]) -> [Answer] {
    rankings.enumerated().flatMap { question, ranking in
      ranking.scores.indices.map { index in
        Answer(
          score: ranking.scores[index], question: question,
          isRelevant: ranking.isRelevant(at: index))
      }
    }.sorted { ($1.score, $0.question) < ($0.score, $1.question) }
  }

  private static func value(
    _ answers: [Answer], _ relevant: [Int], counts: [Int], isPessimistic: Bool
  ) -> Double? {
    let total = zip(relevant, counts).reduce(0) { $0 + $1.0 * $1.1 }
    guard total > 0 else { return nil }
    var (rank, found, sum) = (0, 0, 0.0)
    var start = 0
    while start < answers.count {
      // Answers of one score: how many are relevant, and how many are not.
      var (hits, misses, end) = (0, 0, start)
      while end < answers.count, answers[end].score == answers[start].score {
        let count = counts[answers[end].question]
        if answers[end].isRelevant { hits += count } else { misses += count }
        end += 1
      }
      let before = isPessimistic ? rank + misses : rank
      for hit in 0..<hits { sum += Double(found + hit + 1) / Double(before + hit + 1) }
      found += hits
      rank += hits + misses
      start = end
    }
    return sum / Double(total)
  }
}
