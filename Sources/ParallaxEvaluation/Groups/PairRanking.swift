/// Labelled pairs by their scores: how well one threshold tells duplicates from others.
///
/// Pairs are not independent: those that share an item vary together. So what is drawn again, for intervals, are true groups with
/// all their items. A pair counts as often as its group, and one of two groups as often as the product.
package struct PairRanking: Sendable {
  /// A pair with the true groups of its items, from 0 on; those of a duplicate are one.
  package struct Pair: Sendable, Hashable {
    package var score: Double
    package var left: Int
    package var right: Int
    package var isDuplicate: Bool

    package init(score: Double, left: Int, right: Int, isDuplicate: Bool) {
      self.score = score
      self.left = left
      self.right = right
      self.isDuplicate = isDuplicate
    }
  }

  /// What holds at and above a threshold.
  package struct Point: Sendable, Hashable {
    package var threshold: Double
    package var precision: Double
    package var recall: Double

    package var f1: Double {
      PrecisionRecall(precision: precision, recall: recall).f1 ?? 0
    }
  }

  private let answers: PooledAnswers
  /// One of each true group.
  private let ones: [Int]

  /// - Parameters:
  ///   - pairs: the score of each, and whether it is a duplicate.
  ///   - missing: duplicates that have no score, such as those below the floor of a search for pairs.
  package init(_ pairs: [(score: Double, isDuplicate: Bool)], missing: Int = 0) {
    self.init(
      pairs.map { Pair(score: $0.score, left: 0, right: 0, isDuplicate: $0.isDuplicate) },
      missing: [missing])
  }

  /// - Parameter missing: of each true group, the duplicates that have no score.
  package init(_ pairs: [Pair], missing: [Int]) {
    answers = PooledAnswers(pairs, missing: missing)
    ones = missing.map { _ in 1 }
  }

  package var groupCount: Int { ones.count }

  /// Average precision of all pairs in one list, of equal scores the wrong ones first; `nil` without duplicates.
  package var microAP: Double? { microAP(ones) }

  /// - Parameter counts: how often each true group counts.
  package func microAP(_ counts: [Int]) -> Double? {
    MicroAPMetric.value(answers, counts: counts, isPessimistic: true)
  }

  /// The largest recall of a threshold whose pairs have a precision, and the highest threshold that has it; a recall of 0 without
  /// one where none is precise enough, `nil` without duplicates.
  package func recall(
    atPrecision precision: Double, _ counts: [Int]? = nil
  ) -> (recall: Double, threshold: Double?)? {
    let counts = counts ?? ones
    let total = answers.relevantCount(counts)
    guard total > 0 else { return nil }
    let best = RecallAtPrecisionMetric.best(answers, counts, precision: precision)
    return (Double(best?.hits ?? 0) / Double(total), best?.threshold)
  }

  /// The threshold with the largest F1, of equal ones the highest; `nil` without duplicates.
  package func best(_ counts: [Int]? = nil) -> Point? {
    guard answers.relevantCount(counts ?? ones) > 0 else { return nil }
    var best: Point?
    forEachPoint(counts) { if $0.f1 > best?.f1 ?? -1 { best = $0 } }
    return best
  }

  /// Each score of a duplicate as a threshold, the highest first.
  package var curve: [Point] {
    var points: [Point] = []
    forEachPoint(nil) { points.append($0) }
    return points
  }

  private func forEachPoint(_ counts: [Int]?, _ body: (Point) -> Void) {
    let counts = counts ?? ones
    let total = answers.relevantCount(counts)
    var (hits, all) = (0, 0)
    answers.forEachTie(counts) { tie in
      hits += tie.hits
      all += tie.hits + tie.misses
      guard tie.hits > 0 else { return }
      body(
        Point(
          threshold: tie.score, precision: Double(hits) / Double(all),
          recall: Double(hits) / Double(total)))
    }
  }

  /// Of the pairs at or above a threshold.
  package func precisionRecall(at threshold: Double, _ counts: [Int]? = nil) -> PrecisionRecall {
    let counts = counts ?? ones
    var (hits, all) = (0, 0)
    answers.forEachTie(counts) { tie in
      guard tie.score >= threshold else { return }
      hits += tie.hits
      all += tie.hits + tie.misses
    }
    let total = answers.relevantCount(counts)
    return PrecisionRecall(
      precision: all > 0 ? Double(hits) / Double(all) : nil,
      recall: total > 0 ? Double(hits) / Double(total) : nil)
  }
}
