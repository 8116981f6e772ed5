package import ParallaxEvaluation

/// How much the answers of systems differ when nothing but the model is asked again.
package struct NoiseFloor: Sendable, Hashable {
  /// A system of which some questions were asked again.
  package struct System: Sendable, Hashable {
    package var name: String
    /// Questions that were asked again.
    package var questions: Int
    /// Cosine distances between two vectors of one question.
    package var meanDistance: Double
    package var largestDistance: Double
    /// The mean share of the first items that both answers have.
    package var overlap: Double
    /// The answers to the first and to the second vector, without the items that are the question.
    package var lists: Run
    package var repeated: Run
  }

  /// Of the questions.
  package var share: Double
  package var systems: [System]
  /// Questions that ask by several terms or under another task, and were not asked again.
  package var leftOut: Int
  package var cost: RepeatedCost

  /// The least overlap of a system with itself; `nil` where nothing was asked again.
  package var overlap: Double? { systems.map(\.overlap).min() }

  /// Whether every vector came again, to the last bit.
  package var isExact: Bool { systems.allSatisfy { $0.largestDistance == 0 } }
}
