package import ParallaxCore
package import ParallaxEvaluation
package import ParallaxStatistics

/// How two systems differ, and what follows from it.
package struct SystemDifference: Sendable, Hashable {
  /// A mean over questions.
  package struct Mean: Sendable, Hashable {
    package var value: Double
    /// `nil` below two questions.
    package var interval: Interval?
    /// Questions that have a value.
    package var questions: Int
  }

  /// How alike lists are, over some questions.
  package struct Likeness: Sendable, Hashable {
    /// The value of the slice; `nil` for all questions.
    package var slice: String?
    package var overlap: Mean
    /// Rank-biased overlap, extrapolated, with p = 0.9.
    package var rankBiased: Mean?
    /// Its bounds, if nothing and if all agrees beyond the ends of the lists.
    package var low: Mean?
    package var high: Mean?
    package var tau: Mean?
    package var tauAP: Mean?
  }

  /// Scores at a rank, over questions that have so many answers.
  package struct Scores: Sendable, Hashable {
    package static let shares = [0.1, 0.5, 0.9]

    package var rank: Int
    /// At ``shares`` of the questions.
    package var first: [Double]
    package var second: [Double]
  }

  package var first: SystemRun
  package var second: SystemRun
  /// The lists without the items that are the question.
  package var lists: RunDifference
  /// Items that do not count, because they are the question itself, by question.
  package var own: [String: Set<ItemID>]
  /// Answers that are left out for that.
  package var leftOut: Int
  /// Over all questions, and then for each slice.
  package var likeness: [Likeness]
  package var scores: [Scores]
  package var acceptance: ThresholdTranslation?
  package var precision: ThresholdTranslation?
  /// Both spaces, where both systems are spaces of one collection.
  package var compared: DifferenceRequest.Spaces?
  /// `nil` unless both systems are spaces of one collection.
  package var spaces: SpaceComparison?
  /// `nil` without judgements; the second system is compared with the first.
  package var evaluation: Evaluation?
  package var noise: NoiseFloor?
  /// The file of judgements with its SHA-256.
  package var judgedBy: [Provenance.Name]
  package var seed: UInt64
  package var top: Int
  package var by: String?

  /// The mean change of the first ``top`` items.
  package var all: Likeness { likeness[0] }

  /// Whether each question is an item of the collection, which asks by itself.
  package var areItems: Bool {
    guard let questions = first.questions, questions.path == nil else { return false }
    return questions.questions.allSatisfy { question in
      if case .item = question.terms[0].content { true } else { false }
    }
  }

  /// Answers to a question that do not count, because they are it.
  package func leftOutItems(of question: String) -> Set<ItemID> { own[question] ?? [] }
}
