package import ParallaxStorage

/// What a canary is made of.
package struct CanaryRequest: Sendable, Hashable {
  /// The fewest that say anything.
  package static let fewest = 4
  /// Every so many probes one is asked twice, to learn how much answers differ by themselves.
  package static let repeatedEvery = 4

  package var probes = 32
  package var seed: Int

  package init(seed: Int) { self.seed = seed }
}

/// What came of asking the probes of a canary.
package struct CanaryReport: Sendable, Hashable {
  package struct Outcome: Sendable, Hashable {
    package var probe: Canary.Probe
    /// Cosine distance to the kept vector; `nil` where there was no answer.
    package var distance: Double?
    /// Why there was none.
    package var problem: String?
  }

  package var canary: Canary
  package var check: CanaryCheck
  /// In the order of the probes.
  package var outcomes: [Outcome]
  /// Probes that were asked twice; 0 for a check.
  package var repeated = 0
  /// Of what was asked for.
  package var cost: RepeatedCost

  package var hasDrifted: Bool { check.drifted > 0 }
  /// Whether all answers are the same, to the last bit.
  package var isExact: Bool { canary.noise == 0 && check.largest == 0 }
}

extension Canary {
  /// Distances up to this are rounding: vectors are single precision, and travel as decimals.
  private static let rounding = 1e-6
  /// How much farther than answers to one probe at one time are apart an answer may be: few were asked
  /// twice, so that the largest distance of all is not known.
  private static let allowance = 3.0

  /// The largest distance that is no drift, unless a person says otherwise.
  package var tolerance: Double { max(Self.rounding, Self.allowance * noise) }
}
