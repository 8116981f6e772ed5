/// ``NDCGMetric`` with 2 to the power of the grade, less 1, as gain.
///
/// The same number where all grades are 0 and 1.
package struct ExponentialNDCGMetric: QuestionMetric {
  package static let spec = MetricSpec(
    id: "ndcg-exp",
    meaning: "as ndcg, with high grades counting far more than low ones",
    formula: "Σ (2^grade - 1) ÷ log₂(rank + 1), over the same sum for the best order",
    judging: "the grades: never compare it with ndcg, which many programs call by the same name",
    source: "C. Burges and others, ICML 2005",
    parameters: [.cutoff()])

  private let depth: Int

  package init(_ parameters: MetricParameters) { depth = parameters.depth }

  package func value(of ranking: JudgedRanking) -> Double {
    DiscountedGain(depth: depth).normalized(ranking) { grade in
      Double(sign: .plus, exponent: grade, significand: 1) - 1
    }
  }
}
