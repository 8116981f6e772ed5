/// Rank-biased precision: what a person gains who goes on to the next rank with probability p.
/// trec_eval's `rbp`.
///
/// The gain is the grade over the question's highest grade.
package struct RBPMetric: QuestionMetric {
  package static let spec = MetricSpec(
    id: "rbp",
    meaning: "what a person gains who looks at each next item with probability p",
    formula: "(1 - p) Σ gain × p^(rank - 1), the gain being grade ÷ highest grade of the question",
    judging: "p: 0.9 looks about ten ranks deep, 0.5 two; with few relevant items it stays small",
    source: "A. Moffat and J. Zobel, ACM TOIS 27, 2008; trec_eval 10, 'rbp'",
    parameters: [
      MetricParameter(
        name: "p", kind: .share, standard: "0.9",
        meaning: "the probability to look at the next item")
    ])

  private let persistence: Double

  package init(_ parameters: MetricParameters) { persistence = parameters.numbers["p"] ?? 0.9 }

  package func value(of ranking: JudgedRanking) -> Double {
    guard let highest = ranking.judged.first, highest > 0 else { return 0 }
    var (weight, sum) = (1.0, 0.0)
    for grade in ranking.grades {
      sum += Double(grade ?? 0) / Double(highest) * weight
      weight *= persistence
    }
    return (1 - persistence) * sum
  }
}
