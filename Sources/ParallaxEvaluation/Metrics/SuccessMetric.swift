/// Whether a relevant item is found at all. trec_eval's `success`.
///
/// Many papers on images call it Recall@k; ``RecallMetric`` is another number.
package struct SuccessMetric: QuestionMetric {
  package static let spec = MetricSpec(
    id: "success", aliases: ["hit"],
    meaning: "the share of questions with a relevant item among the first k",
    formula: "1 if any of the first k items is relevant, else 0",
    judging: "how many items a person looks at; papers on images call it Recall@k",
    source: "trec_eval 10, 'success'",
    parameters: [.cutoff(required: true)])

  private let depth: Int

  package init(_ parameters: MetricParameters) { depth = parameters.depth }

  package func value(of ranking: JudgedRanking) -> Double {
    ranking.relevantCount(first: depth) > 0 ? 1 : 0
  }
}
