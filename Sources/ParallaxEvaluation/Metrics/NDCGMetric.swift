private import ParallaxStatistics

/// Discounted cumulative gain over the ideal one, with the grade as gain. trec_eval's `ndcg` and
/// `ndcg_cut`.
///
/// The ideal list is made of all judgements, so that what was missed counts. Grades below the relevance
/// level keep their gain.
package struct NDCGMetric: QuestionMetric {
  package static let spec = MetricSpec(
    id: "ndcg",
    meaning: "the gain of the list, lower ranks counting less, as a share of the best possible one",
    formula: "Σ grade ÷ log₂(rank + 1), over the same sum for the best order of all judged items",
    judging: "the grades: with one relevant item it says at which rank that is found",
    source: "K. Järvelin and J. Kekäläinen, ACM TOIS 20, 2002; trec_eval 10, 'ndcg_cut'",
    parameters: [.cutoff()])

  private let depth: Int

  package init(_ parameters: MetricParameters) { depth = parameters.depth }

  package func value(of ranking: JudgedRanking) -> Double {
    DiscountedGain(depth: depth).normalized(ranking) { Double($0) }
  }
}

/// Gains that count less at lower ranks.
struct DiscountedGain {
  let depth: Int

  /// The list's sum over the sum of the best list of all judged items; 0 when that is 0.
  func normalized(_ ranking: JudgedRanking, gain: (Int) -> Double) -> Double {
    let ideal = sum(of: ranking.judged.lazy.map(Optional.some), gain)
    return ideal > 0 ? sum(of: ranking.grades, gain) / ideal : 0
  }

  private func sum(of grades: some Sequence<Int?>, _ gain: (Int) -> Double) -> Double {
    var sum = 0.0
    for (index, grade) in grades.prefix(depth).enumerated() {
      guard let grade, grade > 0 else { continue }
      sum += gain(grade) / PortableMath.log2(Double(index + 2))
    }
    return sum
  }
}
