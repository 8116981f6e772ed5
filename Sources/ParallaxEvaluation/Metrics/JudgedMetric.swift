/// How much of a list is judged: 1 minus trec_eval's `unj` when the list has k items.
///
/// Divided by k also when fewer items were found, as precision is.
package struct JudgedMetric: QuestionMetric {
  package static let spec = MetricSpec(
    id: "judged",
    meaning: "the share of the first k items that are judged",
    formula: "items with a grade from 0 among the first k ÷ k, also when fewer are found",
    judging: "below about 0.9 other metrics may be too low; compare systems only at similar values",
    source: "ir_measures, 'Judged'",
    parameters: [.cutoff(required: true)])

  private let depth: Int

  package init(_ parameters: MetricParameters) { depth = parameters.depth }

  package func value(of ranking: JudgedRanking) -> Double {
    Double(ranking.grades.prefix(depth).count { $0 != nil }) / Double(depth)
  }

  package func preference(_ grade: Int?, in ranking: JudgedRanking) -> Int { grade == nil ? 0 : 1 }
}
