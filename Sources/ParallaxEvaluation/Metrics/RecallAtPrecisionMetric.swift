package import ParallaxStatistics

/// How much is found when one threshold for all questions must give answers of some precision. The
/// recall@P90 of copy detection, which is how it is written.
///
/// 0 when no threshold is precise enough. A threshold takes all answers with its score or none, so that the
/// order of equal scores does not matter.
package struct RecallAtPrecisionMetric: RunMetric {
  package static let spec = MetricSpec(
    id: "recall@P", aliases: ["recall-at-precision"],
    meaning: "recall over all questions with the best threshold whose answers have some precision",
    formula:
      "the most relevant answers above a score, where at least p of all answers above it are "
      + "relevant, ÷ relevant items of all questions",
    judging:
      "what a false alarm costs; the threshold is beside it, and holds for these images only",
    source: "M. Douze and others, 'The 2021 image similarity dataset and challenge', 2021",
    parameters: [
      MetricParameter(
        name: "p", kind: .percent, standard: "90",
        meaning: "the least precision, in per cent: recall@P90")
    ])

  private let precision: Double

  package init(_ parameters: MetricParameters) { precision = parameters.numbers["p"] ?? 0.9 }

  package func statistic(of rankings: [JudgedRanking]) -> ([Int]) -> Double? {
    let answers = PooledAnswers(rankings)
    return { counts in
      let total = answers.relevantCount(counts)
      guard total > 0 else { return nil }
      return Double(Self.best(answers, counts, precision: precision)?.hits ?? 0) / Double(total)
    }
  }

  package func tieRange(of rankings: [JudgedRanking]) -> Interval? { nil }

  package func ceiling(of rankings: [JudgedRanking], depth: Int) -> Double? {
    reachableShare(of: rankings, depth: depth)
  }

  package func threshold(of rankings: [JudgedRanking]) -> Double? {
    Self.best(PooledAnswers(rankings), rankings.map { _ in 1 }, precision: precision)?.threshold
  }

  /// The lowest threshold with the most relevant answers; `nil` when none is precise enough.
  static func best(
    _ answers: PooledAnswers, _ counts: [Int], precision: Double
  ) -> (hits: Int, threshold: Double)? {
    var (hits, all) = (0, 0)
    var best: (hits: Int, threshold: Double)?
    answers.forEachTie(counts) { tie in
      hits += tie.hits
      all += tie.hits + tie.misses
      guard tie.hits > 0, Double(hits) / Double(all) >= precision else { return }
      best = (hits, tie.score)
    }
    return best
  }
}
