package import ParallaxCore
package import ParallaxEvaluation
package import ParallaxStatistics

/// How good systems are by the same judgements, and how they differ from the first.
package struct Evaluation: Sendable, Hashable {
  package struct System: Sendable, Hashable {
    package var run: SystemRun
    /// Questions that count and have no answer: each counts 0.
    package var unanswered: [String]
    /// Questions with an answer and without judgements, which do not count.
    package var unjudged: [String]
    /// Answers that do not count, because they are the question itself.
    package var leftOut: Int
    /// The length of the longest list, without those.
    package var depth: Int
    /// The share of the first ``Evaluation/judgedDepth`` answers that are judged; `nil` without answers.
    package var judgedShare: Double?
    /// What its reranker changed; `nil` for a system that was not reranked.
    package var effect: RerankEffect?

    package var name: String { run.name }
  }

  /// Some of the questions.
  package struct Slice: Sendable, Hashable {
    /// `nil` for all questions.
    package var label: String?
    /// Places among the questions.
    package var places: [Int]
    /// Whether there are enough questions for intervals and tests.
    package var isTested: Bool
  }

  /// A system compared with the first one.
  package struct Difference: Sendable, Hashable {
    /// System minus baseline.
    package var value: Double
    package var interval: Interval?
    /// `nil` for a slice that is not tested.
    package var evidence: Evidence?
    /// Corrected for the family; `nil` where there is no p, and in an exploration.
    package var correctedP: Double?
    package var verdict: ComparisonVerdict
    /// On how many questions the system is better, equal and worse; `nil` for a metric of a whole run.
    package var counts: Counts?
    /// The mean over the standard deviation; `nil` where nothing varies.
    package var effect: Double?
    package var standardDeviation: Double?
    /// Of Student's t, the second opinion.
    package var tP: Double?
    /// `nil` when no margin was declared.
    package var nonInferiority: NonInferiority?

    package struct Counts: Sendable, Hashable {
      package var wins: Int
      package var ties: Int
      package var losses: Int
    }
  }

  package struct Row: Sendable, Hashable {
    /// Places in the lists of the evaluation.
    package var slice: Int
    package var measure: Int
    package var system: Int
    package var score: MetricScore
    /// What the best order of the candidates would give, where they are reordered.
    package var oracle: Double?
    package var interval: Interval?
    /// `nil` for the baseline, and where nothing is compared.
    package var difference: Difference?
  }

  /// Slices with fewer questions are shown, but not tested.
  package static let smallestSlice = 10

  package var systems: [System]
  package var measures: [String]
  /// The questions that count, in byte order.
  package var questions: [String]
  /// Judged questions without a relevant item.
  package var withoutRelevant: [String]
  package var judgements: Judgements
  /// Items that do not count, by question.
  package var own: [String: Set<ItemID>]
  /// Judged questions that do not count, because what is compared does not concern them.
  package var skipped: Set<String>
  package var relevanceLevel: Int
  package var dropsEmpty: Bool
  package var keepsOwn: Bool
  package var by: String?
  package var clusterBy: String?
  package var clusterCount: Int?
  /// The first is all questions.
  package var slices: [Slice]
  /// By slice, then metric, then system.
  package var rows: [Row]
  package var comparison: EvaluationRequest.Comparison?
  /// How many differences are tested together.
  package var familySize: Int
  package var seed: UInt64
  /// Of metrics of whole runs, where it is not the usual one; see ``Evaluator``.
  package var fewerResamples: Int?
  package var judgedDepth: Int

  package func row(slice: Int = 0, measure: Int, system: Int) -> Row {
    rows[(slice * measures.count + measure) * systems.count + system]
  }

  /// What is asked by each question that counts; `nil` where that is not known.
  package var texts: [String?] {
    let known = Dictionary(
      systems.map(\.run).questions.map { ($0.id, $0.text) }, uniquingKeysWith: { first, _ in first }
    )
    return questions.map { known[$0] ?? nil }
  }

  /// The questions that count, with other judgements or other items left out.
  func judgedQuestions(
    _ judgements: Judgements, leavingOut own: [String: Set<ItemID>]
  ) -> JudgedQuestions {
    JudgedQuestions(
      judgements, leavingOut: own, skipping: skipped, relevanceLevel: relevanceLevel,
      dropsEmpty: dropsEmpty)
  }
}
