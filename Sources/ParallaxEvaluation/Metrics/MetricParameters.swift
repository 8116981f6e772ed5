/// The values of a metric's parameters, checked; what is not given has its default.
package struct MetricParameters: Sendable {
  /// How many items of each list count; all of them without one.
  package internal(set) var cutoff: Int?
  var numbers: [String: Double] = [:]
  var choices: [String: String] = [:]
  var metrics: [String: any QuestionMetric] = [:]

  /// Those of a metric that is written without any.
  package init() {}

  package init(cutoff: Int?) { self.cutoff = cutoff }

  /// The cut-off as a number of ranks, where a metric works without one.
  var depth: Int { cutoff ?? .max }
}
