package import ParallaxStatistics

/// A measure of how good ranked lists are.
///
/// Each metric is a type in its own file, and one line in ``MetricRegistry``.
package protocol Metric: Sendable {
  /// Its names and meaning, for help, completion and messages.
  static var spec: MetricSpec { get }

  /// - Parameter parameters: checked against ``spec``.
  init(_ parameters: MetricParameters)
}

/// A metric with a value for each question, whose mean over the questions is the value of a run.
package protocol QuestionMetric: Metric {
  /// From 0 to 1; 0 for an empty list.
  func value(of ranking: JudgedRanking) -> Double

  /// Of items with the same score, the one with the higher preference should come first for a better
  /// value.
  func preference(_ grade: Int?, in ranking: JudgedRanking) -> Int
}

extension QuestionMetric {
  package func preference(_ grade: Int?, in ranking: JudgedRanking) -> Int {
    ranking.preference(grade)
  }
}

/// A metric of all lists of a run at once.
package protocol RunMetric: Metric {
  /// The metric as a function of how often each question counts, for a bootstrap over questions.
  ///
  /// - Returns: a function that gives `nil` where the metric is not defined.
  func statistic(of rankings: [JudgedRanking]) -> ([Int]) -> Double?

  /// The lowest and highest value that other orders of equal scores would give; `nil` when all orders
  /// give the same, and where the metric does not depend on such an order.
  func tieRange(of rankings: [JudgedRanking]) -> Interval?

  /// The best value that lists of some depth could have; `nil` where there is no such bound.
  func ceiling(of rankings: [JudgedRanking], depth: Int) -> Double?

  /// The score from which on answers count, for a metric that looks for one.
  func threshold(of rankings: [JudgedRanking]) -> Double?
}

extension RunMetric {
  package func threshold(of rankings: [JudgedRanking]) -> Double? { nil }

  /// `nil` where the metric is not defined.
  package func value(of rankings: [JudgedRanking]) -> Double? {
    statistic(of: rankings)(rankings.map { _ in 1 })
  }
}

/// The names and the meaning of a metric.
package struct MetricSpec: Sendable {
  /// Its name before `@`.
  package let id: String
  /// Other names that are accepted.
  package var aliases: [String] = []
  /// One sentence for a person.
  package let meaning: String
  package let formula: String
  /// What a good value depends on, in one sentence.
  package let judging: String
  /// The origin of the definition.
  package let source: String
  /// Without it there is no ceiling, and nothing to compare.
  package var higherIsBetter = true
  /// `nil` without a bound.
  package var lowest: Double? = 0
  package var parameters: [MetricParameter] = []

  /// One that may be typed, such as `success@10`.
  package var example: String {
    let isCut = parameters.contains { if case .cutoff = $0.kind { true } else { false } }
    if isCut { return "\(id)@10" }
    return parameters.first { $0.kind.isPercent }.map { id + ($0.standard ?? "") } ?? id
  }

  /// How it is written, such as `success@k`.
  package var usage: String {
    parameters.reduce(id) { text, parameter in
      switch parameter.kind {
      case .cutoff: text + (parameter.isRequired ? "@k" : "[@k]")
      case .percent: text + (parameter.standard ?? "")
      default: text + "[:\(parameter.name)=…]"
      }
    }
  }
}

/// A value that a metric takes after its name.
package struct MetricParameter: Sendable {
  package enum Kind: Sendable {
    /// A depth, written after `@`.
    case cutoff
    /// A number above 0 and below 1.
    case share
    /// The same in per cent, a whole number, written right after the metric's name.
    case percent
    case choice([String])
    /// Another metric, one of questions.
    case metric

    var isPercent: Bool { if case .percent = self { true } else { false } }
  }

  package let name: String
  package let kind: Kind
  /// As it is written; `nil` without one.
  package var standard: String?
  package var isRequired = false
  package let meaning: String

  /// A depth at which lists are cut.
  static func cutoff(required: Bool = false) -> MetricParameter {
    MetricParameter(
      name: "k", kind: .cutoff, isRequired: required,
      meaning: "how many items of each list count" + (required ? "" : "; all without it"))
  }
}
