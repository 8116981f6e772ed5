internal import ParallaxCore
package import ParallaxEvaluation

/// How much a metric moves when nothing but the model is asked again.
package struct MetricNoise: Sendable, Hashable {
  package var system: String
  package var measure: String
  /// Questions that were asked again and are judged.
  package var questions: Int
  /// The root of the mean square of a question's change.
  package var deviation: Double

  /// Standard errors that a mean is allowed.
  private static let allowance = 2.0

  /// What a mean over some questions moves by from one time to the next, mostly.
  package func reach(questions: Int) -> Double {
    questions > 0 ? Self.allowance * deviation / Double(questions).squareRoot() : 0
  }

  /// The same of the difference of two systems.
  package static func reach(
    _ first: MetricNoise, _ second: MetricNoise, questions: Int
  ) -> Double {
    let (one, other) = (first.reach(questions: questions), second.reach(questions: questions))
    return (one * one + other * other).squareRoot()
  }
}

extension NoiseFloor {
  /// How much a metric of each system moves.
  ///
  /// - Returns: none for a metric without a value for each question, and for a system of which no judged
  ///   question was asked again.
  package func noise(
    of measure: NamedMetric, _ judgements: Judgements, relevanceLevel: Int
  ) -> [MetricNoise] {
    systems.compactMap { system in
      let grades = judgements.grades.filter { system.lists.lists[$0.key] != nil }
      let judged = JudgedQuestions(
        Judgements(grades, ofAll: judgements.itemCount), relevanceLevel: relevanceLevel)
      let values = [system.lists, system.repeated].map { run in
        JudgedRun(run, judged).score(measure).byQuestion ?? []
      }
      guard !values[0].isEmpty else { return nil }
      let squares = zip(values[0], values[1]).map { ($1 - $0) * ($1 - $0) }
      return MetricNoise(
        system: system.name, measure: measure.name, questions: squares.count,
        deviation: (squares.reduce(0, +) / Double(squares.count)).squareRoot())
    }
  }
}

extension SystemRun {
  /// Whether each question asked one space for its nearest items, and nothing else was asked for: only then
  /// asking again gives what a run gives.
  package var isPlain: Bool {
    guard let template, spaces.count == 1, questions != nil, !isOfEngine else { return false }
    return template.dimensions.isEmpty && template.condition == nil
      && template.minimumScore == nil && template.diversity == nil
      && template.similarity == .cosine && [.best, .exact].contains(template.method)
      && costs.reranking == nil
  }
}
