package import ParallaxCore
package import ParallaxStorage

/// From which cosines on a picture that comes in is too near to one that is there.
package struct GateThresholds: Sendable, Hashable {
  /// From here on it is rejected; from -1 to 1.
  package var reject: Double
  /// From here on somebody looks at it; at most `reject`.
  package var review: Double

  package init(reject: Double, review: Double) {
    self.reject = reject
    self.review = review
  }

  func decision(_ score: Double?) -> GateDecision {
    guard let score else { return .pass }
    return score >= reject ? .reject : score >= review ? .review : .pass
  }
}

/// What becomes of a picture that comes in.
package enum GateDecision: String, Sendable, Hashable, CaseIterable {
  case pass, review, reject
  /// It cannot be compared, and never passes.
  case unreadable
}

/// Which pictures are compared with a space, and how.
package struct GateRequest: Sendable, Hashable {
  /// Folders, pictures, and patterns such as `new/*.jpg`, as they were written.
  package var paths: [String]
  /// Whether links to folders elsewhere are followed.
  package var followsLinks = false
  package var thresholds: GateThresholds
  /// Bits in which the perceptual hashes of two pictures may differ, too; `nil` where only vectors count.
  package var hashBits: Int?
  /// Nearest pictures that are kept of each.
  package var matches = 3

  package init(_ paths: [String], thresholds: GateThresholds) {
    self.paths = paths
    self.thresholds = thresholds
  }
}

/// What a gate decided.
package struct GateOutcome: Sendable, Hashable {
  /// A picture that is near to one that comes in.
  package struct Match: Sendable, Hashable {
    /// The id of an item, or the path of another picture that comes in.
    package var name: String
    package var isIncoming: Bool
    /// The cosine as it is shown; `nil` for a copy that has no vector.
    package var score: Double?
    /// Whether the files have the same bytes.
    package var isCopy: Bool
    /// Bits in which the perceptual hashes of the two differ; `nil` where they do not count, or are not known.
    package var hashDistance: Int?
    /// What somebody has said of the two pictures; it counts more than the score.
    package var verdict: Verdict.Answer?
    package var path: String
    package var hash: ContentHash
  }

  package struct Picture: Sendable, Hashable {
    /// As it was named: the path that was given, and what lies below it.
    package var name: String
    /// Absolute.
    package var path: String
    /// `nil` for a file that cannot be read.
    package var hash: ContentHash?
    package var decision: GateDecision
    /// Copies first, then by score; of equal ones items first, and by their order.
    package var matches: [Match]
    /// Why it cannot be compared.
    package var problem: String?
  }

  package var space: Space
  package var request: GateRequest
  /// By path, in the order of its bytes.
  package var pictures: [Picture]
  /// Items of the collection, and those of them that have a vector in the space.
  package var items: Int
  package var compared: Int
  /// What embedding asked a model for.
  package var cost: RepeatedCost

  package func count(_ decision: GateDecision) -> Int {
    pictures.count { $0.decision == decision }
  }
}
