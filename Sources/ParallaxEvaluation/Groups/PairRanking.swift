/// Labelled pairs by their scores: how well one threshold tells duplicates from others.
package struct PairRanking: Sendable {
  private let answers: PooledAnswers

  /// - Parameters:
  ///   - pairs: the score of each, and whether it is a duplicate.
  ///   - missing: duplicates that have no score, such as those below the floor of a search for pairs.
  package init(_ pairs: [(score: Double, isDuplicate: Bool)], missing: Int = 0) {
    answers = PooledAnswers(
      scores: pairs.map(\.score), relevant: pairs.map(\.isDuplicate), missing: missing)
  }

  /// Average precision of all pairs in one list, of equal scores the wrong ones first; `nil` without duplicates.
  package var microAP: Double? {
    MicroAPMetric.value(answers, counts: [1], isPessimistic: true)
  }

  /// The largest recall of a threshold whose pairs have a precision, and the highest threshold that has it; a recall of 0 without
  /// one where none is precise enough, `nil` without duplicates.
  package func recall(
    atPrecision precision: Double
  ) -> (recall: Double, threshold: Double?)? {
    let total = answers.relevantCount([1])
    guard total > 0 else { return nil }
    let best = RecallAtPrecisionMetric.best(answers, [1], precision: precision)
    return (Double(best?.hits ?? 0) / Double(total), best?.threshold)
  }

  /// Of the pairs at or above a threshold.
  package func precisionRecall(at threshold: Double) -> PrecisionRecall {
    var (hits, all) = (0, 0)
    answers.forEachTie([1]) { tie in
      guard tie.score >= threshold else { return }
      hits += tie.hits
      all += tie.hits + tie.misses
    }
    let total = answers.relevantCount([1])
    return PrecisionRecall(
      precision: all > 0 ? Double(hits) / Double(all) : nil,
      recall: total > 0 ? Double(hits) / Double(total) : nil)
  }
}
