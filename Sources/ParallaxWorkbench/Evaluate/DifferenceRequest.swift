package import ParallaxEvaluation
package import ParallaxStorage

/// Two systems to compare by what they answer.
package struct DifferenceRequest: Sendable {
  /// How questions are judged, where there are judgements.
  package struct Judging: Sendable {
    package var judgements: Judgements
    /// The file with its SHA-256.
    package var inputs: [Provenance.Name] = []
    /// The first decides.
    package var measures: [NamedMetric]
    package var relevanceLevel = 1
    package var dropsEmpty = false
    package var clusterBy: String?
    /// The largest loss that does not matter; `nil` when none was declared.
    package var margin: Double?

    package init(_ judgements: Judgements, measures: [NamedMetric]) {
      self.judgements = judgements
      self.measures = measures
    }
  }

  /// The one that is there.
  package var first: SystemRun
  /// The one that may take its place.
  package var second: SystemRun
  /// Both spaces, where both systems are spaces of one collection; else `nil`.
  package var spaces: Spaces?
  /// Items of each list that are compared.
  package var top = 10
  /// A score of the first system whose counterpart is sought; `nil` for its usual score at rank ``top``.
  package var threshold: Double?
  /// A column of the questions whose values make slices.
  package var by: String?
  /// Whether the item that is the question counts.
  package var keepsOwn = false
  package var judging: Judging?
  package var noise: NoiseFloor?
  /// Items of the spaces that are compared with one another.
  package var sample = 5_000
  /// Items whose neighbours in both spaces are compared.
  package var probes = 1_000
  package var seed: UInt64
  package var resamples = 10_000

  package struct Spaces: Sendable, Hashable {
    package var first: Space
    package var second: Space

    package init(_ first: Space, _ second: Space) {
      self.first = first
      self.second = second
    }
  }

  package init(_ first: SystemRun, _ second: SystemRun, seed: UInt64) {
    self.first = first
    self.second = second
    self.seed = seed
  }
}
