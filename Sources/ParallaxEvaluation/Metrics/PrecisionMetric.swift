/// How much of what is found is relevant. trec_eval's `P`.
///
/// Divided by k also when fewer items were found.
package struct PrecisionMetric: QuestionMetric {
  package static let spec = MetricSpec(
    id: "precision", aliases: ["p"],
    meaning: "the share of the first k items that are relevant",
    formula: "relevant items among the first k ÷ k, also when fewer are found",
    judging: "it cannot exceed relevant items ÷ k: read it beside its ceiling",
    source: "trec_eval 10, 'P'",
    parameters: [.cutoff(required: true)])

  private let depth: Int

  package init(_ parameters: MetricParameters) { depth = parameters.depth }

  package func value(of ranking: JudgedRanking) -> Double {
    Double(ranking.relevantCount(first: depth)) / Double(depth)
  }
}
