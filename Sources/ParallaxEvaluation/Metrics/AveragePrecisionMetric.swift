/// Average precision, whose mean is MAP. trec_eval's `map` and `map_cut`.
///
/// The denominator is all relevant items, with a cut-off as well. The average precision of the Oxford
/// and Paris building sets is a trapezoid and another number.
package struct AveragePrecisionMetric: QuestionMetric {
  package static let spec = MetricSpec(
    id: "ap", aliases: ["map"],
    meaning: "the precision at each relevant item, averaged over all relevant items",
    formula: "Σ precision at the rank of each relevant item found ÷ all relevant items",
    judging: "how many items are relevant; with few it moves in large steps",
    source: "trec_eval 10, 'map' and 'map_cut'",
    parameters: [.cutoff()])

  private let depth: Int

  package init(_ parameters: MetricParameters) { depth = parameters.depth }

  package func value(of ranking: JudgedRanking) -> Double {
    let relevant = ranking.relevantCount
    guard relevant > 0 else { return 0 }
    var (found, sum) = (0, 0.0)
    for index in 0..<min(depth, ranking.count) where ranking.isRelevant(at: index) {
      found += 1
      sum += Double(found) / Double(index + 1)
    }
    return sum / Double(relevant)
  }
}
