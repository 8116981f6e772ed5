package import ParallaxStatistics

/// Whether the scores of a list predict its quality: how much the mean of a metric gains when the
/// questions with the least confidence are not answered.
///
/// The mean of a metric over the questions that are left, as a curve over the share of questions not
/// answered (0, 0.1, … 0.9): 0 when it stays flat, 1 when the worst questions go first, below 0 when the
/// best go first. A question without an answer has the least confidence; equal ones are in the order of
/// the questions.
package struct NormalizedAUCMetric: RunMetric {
  package static let spec = MetricSpec(
    id: "nauc",
    meaning: "how well the scores predict for which questions the list is good",
    formula: "(area under the curve - flat area) ÷ (area of the best order - flat area)",
    judging: "1 is perfect, 0 useless; not defined when the metric is the same for all questions",
    source: "H. Gisserot-Boukhlef and others, arXiv 2402.12997; MTEB", lowest: nil,
    parameters: [
      MetricParameter(
        name: "of", kind: .metric, standard: "ndcg@10", meaning: "the metric of each question"),
      MetricParameter(
        name: "by", kind: .choice(Confidence.allCases.map(\.rawValue)), standard: "max",
        meaning: "the confidence: the best score, the deviation of all, or the lead of the best"),
    ])

  private enum Confidence: String, CaseIterable { case max, std, diff1 }

  private let metric: any QuestionMetric
  private let confidence: Confidence

  package init(_ parameters: MetricParameters) {
    metric = parameters.metrics["of"] ?? NDCGMetric(MetricParameters(cutoff: 10))
    confidence = parameters.choices["by"].flatMap(Confidence.init) ?? .max
  }

  package func statistic(of rankings: [JudgedRanking]) -> ([Int]) -> Double? {
    let values = rankings.map { metric.value(of: $0) }
    let confidences = rankings.map { confidence(of: $0.scores) }
    let (own, best) = (order(by: confidences), order(by: values))
    return { counts in
      let curve = Self.curve(values, own, counts)
      let bestCurve = Self.curve(values, best, counts)
      guard let flat = bestCurve.first else { return nil }
      let flatArea = flat * 0.9
      let room = Self.area(bestCurve) - flatArea
      // What is left of rounding when all values are equal.
      guard room > 1e-12 * abs(flatArea) else { return nil }
      return (Self.area(curve) - flatArea) / room
    }
  }

  package func tieRange(of rankings: [JudgedRanking]) -> Interval? { nil }
  package func ceiling(of rankings: [JudgedRanking], depth: Int) -> Double? { 1 }

  private func confidence(of scores: [Double]) -> Double {
    guard let best = scores.first else { return -.infinity }
    switch confidence {
    case .max: return best
    case .diff1: return scores.count > 1 ? best - scores[1] : 0
    case .std:
      let mean = scores.reduce(0, +) / Double(scores.count)
      let squares = scores.map { ($0 - mean) * ($0 - mean) }
      return (squares.reduce(0, +) / Double(scores.count)).squareRoot()
    }
  }

  private func order(by values: [Double]) -> [Int] {
    values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
  }

  /// The mean of what is left at each share; questions go in the order of `order`.
  private static func curve(_ values: [Double], _ order: [Int], _ counts: [Int]) -> [Double] {
    let drawn = order.flatMap { [Double](repeating: values[$0], count: counts[$0]) }
    guard !drawn.isEmpty else { return [] }
    return (0..<10).map { step in
      let share = Double(step) * 0.1
      let dropped = Int((share * Double(drawn.count)).rounded(.toNearestOrEven))
      let left = drawn[min(dropped, drawn.count - 1)...]
      return left.reduce(0, +) / Double(left.count)
    }
  }

  private static func area(_ curve: [Double]) -> Double {
    zip(curve, curve.dropFirst()).reduce(0) { $0 + ($1.0 + $1.1) / 2 * 0.1 }
  }
}
