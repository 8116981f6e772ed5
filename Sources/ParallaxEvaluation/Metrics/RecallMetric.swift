/// How much of what is relevant is found. trec_eval's `recall`.
package struct RecallMetric: QuestionMetric {
  package static let spec = MetricSpec(
    id: "recall",
    meaning: "the share of all relevant items that are among the first k",
    formula: "relevant items among the first k ÷ all relevant items; 0 when there are none",
    judging: "it cannot exceed k ÷ relevant items: read it beside its ceiling",
    source: "trec_eval 10, 'recall'",
    parameters: [.cutoff(required: true)])

  private let depth: Int

  package init(_ parameters: MetricParameters) { depth = parameters.depth }

  package func value(of ranking: JudgedRanking) -> Double {
    let relevant = ranking.relevantCount
    return relevant == 0 ? 0 : Double(ranking.relevantCount(first: depth)) / Double(relevant)
  }
}
