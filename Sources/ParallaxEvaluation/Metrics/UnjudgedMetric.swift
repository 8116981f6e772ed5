/// How much of a list is not judged. trec_eval's `unj`.
///
/// With fewer than k items found it is not 1 minus ``JudgedMetric``: what is not there is neither.
package struct UnjudgedMetric: QuestionMetric {
  package static let spec = MetricSpec(
    id: "unjudged", aliases: ["unj"],
    meaning: "the share of the first k items that nobody has judged",
    formula: "items without a grade, or with one below 0, among the first k ÷ k",
    judging: "other metrics count such items as not relevant: above about 0.1 they may be too low",
    source: "trec_eval 10, 'unj'", higherIsBetter: false,
    parameters: [.cutoff(required: true)])

  private let depth: Int

  package init(_ parameters: MetricParameters) { depth = parameters.depth }

  package func value(of ranking: JudgedRanking) -> Double {
    Double(ranking.grades.prefix(depth).count { $0 == nil }) / Double(depth)
  }

  package func preference(_ grade: Int?, in ranking: JudgedRanking) -> Int { grade == nil ? 1 : 0 }
}
