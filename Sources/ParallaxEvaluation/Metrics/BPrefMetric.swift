/// How often relevant items stand above items judged not relevant. trec_eval's `bpref`.
///
/// Items that are not judged do not count. Without any judged as not relevant every relevant item found
/// counts fully.
package struct BPrefMetric: QuestionMetric {
  package static let spec = MetricSpec(
    id: "bpref",
    meaning: "how often a relevant item stands above the items judged not relevant",
    formula: "Σ over relevant items found of 1 - min(not relevant above it, R) ÷ min(R, N), ÷ R",
    judging: "made for judgements with gaps; where all is judged, ap says more",
    source: "C. Buckley and E. Voorhees, SIGIR 2004; trec_eval 10, 'bpref'")

  package init(_ parameters: MetricParameters) {}

  package func value(of ranking: JudgedRanking) -> Double {
    let relevant = ranking.relevantCount
    guard relevant > 0 else { return 0 }
    let bound = Double(min(relevant, ranking.nonRelevantCount))
    var (above, sum) = (0, 0.0)
    for grade in ranking.grades where grade != nil {
      if ranking.isRelevant(grade) {
        sum += above == 0 ? 1 : 1 - Double(min(above, relevant)) / bound
      } else {
        above += 1
      }
    }
    return sum / Double(relevant)
  }
}
