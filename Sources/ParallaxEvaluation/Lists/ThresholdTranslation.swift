internal import ParallaxCore

/// Which threshold of one system does what a threshold of another does.
///
/// Scores of different systems do not compare, but what a threshold lets through does: pairs of a
/// question and an item, over the questions that both systems answer.
package struct ThresholdTranslation: Sendable, Hashable {
  /// Scores of this and more are let through by the first system.
  package var first: Double
  /// The same of the second system.
  package var second: Double
  /// Pairs that each lets through.
  package var acceptedByFirst: Int
  package var acceptedBySecond: Int
  /// The share of relevant pairs among those that the first lets through; `nil` without judgements.
  package var precision: Double?
  /// Whether some list ends above its threshold, so that more would be let through than is known.
  package var isCut: Bool

  private struct Pair {
    var score: Double
    var isRelevant: Bool
  }

  /// The threshold of the second system that lets as many pairs through.
  ///
  /// - Returns: `nil` where the first lets nothing through, or the second has fewer pairs.
  package static func sameAcceptance(
    _ first: Run, _ second: Run, threshold: Double
  ) -> ThresholdTranslation? {
    let (left, right) = (pairs(first, in: second), pairs(second, in: first))
    let accepted = left.count { $0.score >= threshold }
    guard accepted > 0, accepted <= right.count else { return nil }
    let other = right[accepted - 1].score
    return ThresholdTranslation(
      first: threshold, second: other, acceptedByFirst: accepted,
      acceptedBySecond: right.count { $0.score >= other }, precision: nil,
      isCut: isCut(first, at: threshold) || isCut(second, at: other))
  }

  /// The lowest threshold of the second system whose pairs are relevant at least as often. Pairs that
  /// are not judged count as not relevant.
  ///
  /// - Returns: `nil` where the first lets nothing through, and where no threshold of the second system
  ///   is as precise.
  package static func samePrecision(
    _ first: Run, _ second: Run, threshold: Double, _ judgements: Judgements,
    relevanceLevel: Int = 1
  ) -> ThresholdTranslation? {
    func judged(_ run: Run, _ other: Run) -> [Pair] {
      pairs(run, in: other) { question, item in
        (judgements.grades[question]?[item]).map { $0 >= relevanceLevel } ?? false
      }
    }
    let (left, right) = (judged(first, second), judged(second, first))
    let accepted = left.prefix { $0.score >= threshold }
    guard !accepted.isEmpty else { return nil }
    let precision = Double(accepted.count(where: \.isRelevant)) / Double(accepted.count)
    var (relevant, best): (Int, Int?) = (0, nil)
    for (place, pair) in right.enumerated() {
      if pair.isRelevant { relevant += 1 }
      // A threshold lets pairs of one score through together.
      let isLast = place + 1 == right.count || right[place + 1].score < pair.score
      if isLast, Double(relevant) >= precision * Double(place + 1) { best = place }
    }
    guard let best else { return nil }
    return ThresholdTranslation(
      first: threshold, second: right[best].score, acceptedByFirst: accepted.count,
      acceptedBySecond: best + 1, precision: precision,
      isCut: isCut(first, at: threshold) || isCut(second, at: right[best].score))
  }

  /// The highest score first.
  private static func pairs(
    _ run: Run, in other: Run, isRelevant: (String, ItemID) -> Bool = { _, _ in false }
  ) -> [Pair] {
    run.questions.filter { other.lists[$0] != nil }.flatMap { question in
      (run.lists[question] ?? []).map {
        Pair(score: $0.score, isRelevant: isRelevant(question, $0.id))
      }
    }.sorted { $0.score > $1.score }
  }

  /// Whether a list as long as lists are ends above a threshold.
  private static func isCut(_ run: Run, at threshold: Double) -> Bool {
    let depth = run.depth
    return run.lists.values.contains { list in
      list.count == depth && (list.last?.score ?? -.infinity) >= threshold
    }
  }
}
