/// How far up the first relevant item stands. trec_eval's `recip_rank`.
package struct ReciprocalRankMetric: QuestionMetric {
  package static let spec = MetricSpec(
    id: "mrr", aliases: ["recip_rank"],
    meaning: "one over the rank of the first relevant item, averaged over questions",
    formula: "1 ÷ rank of the first relevant item (among the first k), 0 without one",
    judging: "the cut-off: without one, as here by default, a late find still counts a little",
    source: "trec_eval 10, 'recip_rank'",
    parameters: [.cutoff()])

  private let depth: Int

  package init(_ parameters: MetricParameters) { depth = parameters.depth }

  package func value(of ranking: JudgedRanking) -> Double {
    let first = ranking.grades.prefix(depth).firstIndex { ranking.isRelevant($0) }
    return first.map { 1 / Double($0 + 1) } ?? 0
  }
}
