internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxEvaluation
private import ParallaxSystem
internal import ParallaxWorkbench

/// What a sample may be judged by: questions with judgements.
struct SampleOptions: Sendable {
  static let all: [any OptionDeclaration & ArgumentKey] = [
    EvaluationOptions.questions, EvaluationOptions.qrels, EvaluationOptions.rule,
    EvaluationOptions.metrics, EvaluationOptions.clusterBy,
  ]

  private let file: String
  private let source: JudgementSource
  private let measures: [NamedMetric]
  private let clusterBy: String?

  /// - Parameter sample: the option that asks for one.
  /// - Returns: `nil` where nothing of it is written.
  /// - Throws: what is wrong with the values, or missing, about the options.
  init?(_ arguments: Arguments, with sample: some ArgumentKey) throws {
    guard let first = Self.all.first(where: { arguments.given($0) }) else { return nil }
    guard arguments.given(sample) else {
      throw arguments.error(
        at: first, .usage, "--\(first.name) goes with --\(sample.name): it judges the sample",
        hint: "'compare' judges spaces that are embedded")
    }
    guard let file = try arguments[EvaluationOptions.questions] else {
      throw arguments.error(
        at: first, .usage,
        "--\(first.name) judges answers to questions: it goes with --queries FILE")
    }
    self.file = PathText.expandingHome(file)
    source = try EvaluationOptions.source(arguments)
    measures = try EvaluationOptions.measures(arguments)
    clusterBy = try arguments[EvaluationOptions.clusterBy]
    for (index, measure) in measures.enumerated() where !measure.higherIsBetter {
      throw arguments.error(
        at: EvaluationOptions.metrics, index: index, .usage,
        "'\(measure.name)' says nothing of how good a space is")
    }
  }

  @MainActor func foresee(in scope: inout ScriptScope) throws {
    try attributing(to: EvaluationOptions.questions) { try scope.requireFile(file) }
    if case .file(let path) = source {
      try attributing(to: EvaluationOptions.qrels) { try scope.requireJudgements(path) }
    }
  }

  /// With the file of questions read.
  func questions(_ handler: EventHandler) async throws -> ReembedSample.Questions {
    var questions = ReembedSample.Questions(
      try await QuestionSet.reading(file, handler), judgedBy: source, measures: measures)
    questions.clusterBy = clusterBy
    return questions
  }
}
