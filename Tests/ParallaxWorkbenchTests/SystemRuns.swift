import ParallaxCore
import ParallaxEvaluation
import ParallaxWorkbench

/// Systems that are written down.
extension SystemRun {
  /// - Parameter lists: ids best first, by question; the scores are 1, 1/2, 1/3, … times `scale`.
  static func ranked(
    _ name: String, _ lists: [String: [String]], scale: Double = 1, asked: [Question] = []
  ) throws -> SystemRun {
    try SystemRun(
      name: name,
      run: Run(
        lists.mapValues { ids in
          ids.enumerated().map { RankedItem(id: ItemID($1), score: scale / Double($0 + 1)) }
        }), questions: asked.isEmpty ? nil : QuestionSet(asked))
  }
}

extension Question {
  init(_ id: String, text: String, _ fields: [String: Value] = [:]) {
    self.init(
      id: id, terms: [Query.Term(.text(text), label: "text", parameter: "queries")],
      fields: fields)
  }
}

extension EvaluationRequest {
  /// With few permutations and resamples.
  static func quick(
    _ systems: [SystemRun], _ judgements: Judgements, _ measures: String..., seed: UInt64 = 1
  ) throws -> EvaluationRequest {
    var request = EvaluationRequest(
      systems, judgements, measures: try measures.map { try NamedMetric($0) }, seed: seed)
    request.resamples = 400
    request.permutations = 999
    return request
  }
}

extension ItemID: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(text) }
}
