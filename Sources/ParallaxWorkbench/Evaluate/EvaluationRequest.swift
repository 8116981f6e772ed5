package import ParallaxEvaluation

/// Systems to judge by the same questions.
package struct EvaluationRequest: Sendable {
  /// How a system is compared with the first one.
  package struct Comparison: Sendable, Hashable {
    /// The largest loss that does not matter, above 0; `nil` when none was declared.
    package var margin: Double?
    /// Whether p is left as it is, whatever else is tested.
    package var isExploratory = false

    package init() {}
  }

  /// At least one; the first is the baseline of a comparison.
  package var systems: [SystemRun]
  package var judgements: Judgements
  /// At least one; the first decides what is concluded.
  package var measures: [NamedMetric]
  /// The least grade that is relevant, from 1.
  package var relevanceLevel = 1
  /// Whether questions without a relevant item are left out.
  package var dropsEmpty = false
  /// Whether the item that is the question counts.
  package var keepsOwn = false
  /// A column of the questions whose values make slices.
  package var by: String?
  /// A column of the questions; those with the same value are not independent.
  package var clusterBy: String?
  /// How many items of each list of the first system the others may have reordered; `nil` where they did
  /// something else.
  package var rerankDepth: Int?
  /// `nil` for values alone.
  package var comparison: Comparison?
  package var seed: UInt64
  package var resamples = 10_000
  package var permutations = 100_000

  package init(
    _ systems: [SystemRun], _ judgements: Judgements, measures: [NamedMetric], seed: UInt64
  ) {
    self.systems = systems
    self.judgements = judgements
    self.measures = measures
    self.seed = seed
  }
}
