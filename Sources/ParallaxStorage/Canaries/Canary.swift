package import ParallaxCore

/// Probes that are kept with a space, to be asked of its model again.
package struct Canary: Sendable, Hashable {
  /// One thing to ask for, with the vector it has.
  package struct Probe: Sendable, Hashable {
    package enum Subject: Sendable, Hashable {
      /// An item, with the id it had when the probe was made.
      case item(ItemRecord.RowID, ItemID)
      case text(String)
    }

    package var subject: Subject
    /// Of what was embedded.
    package var hash: ContentHash
    package var vector: [Float]

    package init(_ subject: Subject, hash: ContentHash, vector: [Float]) {
      self.subject = subject
      self.hash = hash
      self.vector = vector
    }

    /// The item's id, or the text.
    package var name: String {
      switch subject {
      case .item(_, let id): id.rawValue
      case .text(let text): text
      }
    }
  }

  package var space: Space
  /// ISO 8601, UTC, to the second.
  package var created: String
  package var seed: Int
  /// The largest cosine distance between two answers to one probe when it was made.
  package var noise: Double
  package var probes: [Probe]

  package init(space: Space, created: String, seed: Int, noise: Double, probes: [Probe]) {
    self.space = space
    self.created = created
    self.seed = seed
    self.noise = noise
    self.probes = probes
  }
}

/// What came of asking a canary's probes again.
package struct CanaryCheck: Sendable, Hashable {
  /// ISO 8601, UTC, to the second.
  package var at: String
  /// Probes that were answered.
  package var asked: Int
  /// Those of them whose distance is above the tolerance.
  package var drifted: Int
  /// Of the cosine distances.
  package var mean: Double
  package var largest: Double
  package var tolerance: Double

  package init(
    at: String, asked: Int, drifted: Int, mean: Double, largest: Double, tolerance: Double
  ) {
    self.at = at
    self.asked = asked
    self.drifted = drifted
    self.mean = mean
    self.largest = largest
    self.tolerance = tolerance
  }
}

/// What `canary list` shows of a canary.
package struct CanarySummary: Sendable, Hashable {
  package var space: Space
  package var created: String
  package var probes: Int
  package var noise: Double
  /// The newest; `nil` where there was none.
  package var lastCheck: CanaryCheck?
}
