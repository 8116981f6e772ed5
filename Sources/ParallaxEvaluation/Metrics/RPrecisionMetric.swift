/// Precision at the rank where it equals recall. trec_eval's `Rprec`.
package struct RPrecisionMetric: QuestionMetric {
  package static let spec = MetricSpec(
    id: "rprec", aliases: ["r-precision"],
    meaning: "the share of relevant items among the first R, where R is how many are relevant",
    formula: "relevant items among the first R ÷ R; 0 when R is 0",
    judging: "it looks as deep as there is something to find",
    source: "trec_eval 10, 'Rprec'")

  package init(_ parameters: MetricParameters) {}

  package func value(of ranking: JudgedRanking) -> Double {
    let relevant = ranking.relevantCount
    return relevant == 0 ? 0 : Double(ranking.relevantCount(first: relevant)) / Double(relevant)
  }
}
