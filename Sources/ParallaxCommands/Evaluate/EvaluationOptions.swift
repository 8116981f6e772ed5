internal import CommandLanguage
internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxEvaluation
private import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// What `eval` and `compare` take alike: the judgements, the metrics, and which questions count.
struct EvaluationOptions: Sendable {
  static let qrels = OptionKey.single(
    "qrels", .path, placeholder: "FILE",
    help:
      "judgements: TREC, CSV, ranx JSON, a folder of BEIR, or the name of those that 'judge' keeps")
  static let rule = OptionKey.single(
    "relevant-if", .text, placeholder: "EXPR",
    help: "a condition on items; :NAME is a column of the question")
  static let metrics = OptionKey.list(
    "metric", .metric, placeholder: "NAME",
    help: "what is measured, such as ndcg@10 or mrr ('help metrics')")
  static let questions = OptionKey.single(
    "queries", .path, placeholder: "FILE",
    help: "questions that spaces are asked, and their columns")
  static let top = OptionKey.single(
    "top", .integer(1...10_000), placeholder: "N", help: "answers that spaces give to a question",
    defaultNote: "as deep as the metrics look; \(usualTop) where one has no depth", short: "k")
  static let by = OptionKey.single(
    "by", .text, placeholder: "FIELD", help: "also for each value of a column of the questions")
  static let clusterBy = OptionKey.single(
    "cluster-by", .text, placeholder: "FIELD",
    help: "questions with the same value are not independent")
  static let isPerQuestion = OptionKey.flag("per-query", help: "a row for each question")
  static let keepsOwn = OptionKey.flag("keep-self", help: "count the item that is the question")
  static let dropsEmpty = OptionKey.flag(
    "drop-empty", help: "leave out questions without a relevant item")
  static let level = OptionKey.single(
    "relevance-level", .integer(1...1_000), placeholder: "N",
    help: "the least grade that is relevant",
    default: 1)

  /// Those that `eval` and `compare` list first and last.
  static var sources: [any OptionDeclaration] { [qrels, rule, metrics, questions, top] }
  static var others: [any OptionDeclaration] {
    [by, clusterBy, isPerQuestion, keepsOwn, dropsEmpty, level]
  }

  private static let usualTop = 100
  /// So that lists can be looked at.
  private static let leastTop = 10
  private static let usualMetric = "ndcg@10"

  let source: JudgementSource
  let measures: [NamedMetric]
  let questions: String?
  private let top: Int
  private let by: String?
  private let clusterBy: String?
  let isPerQuestion: Bool
  private let keepsOwn: Bool
  private let dropsEmpty: Bool
  private let level: Int

  /// - Throws: what is wrong with the values, about their options.
  init(_ arguments: Arguments) throws {
    source = try Self.source(arguments)
    measures = try Self.measures(arguments)
    questions = try arguments[Self.questions].map(PathText.expandingHome)
    let depths = measures.map { $0.cutoff ?? Self.usualTop }
    top = try arguments[Self.top] ?? max(Self.leastTop, depths.max() ?? 0)
    by = try arguments[Self.by]
    clusterBy = try arguments[Self.clusterBy]
    isPerQuestion = try arguments[Self.isPerQuestion]
    keepsOwn = try arguments[Self.keepsOwn]
    dropsEmpty = try arguments[Self.dropsEmpty]
    level = try arguments[Self.level]
    if isPerQuestion, by != nil {
      throw arguments.error(
        at: Self.by, .usage, "--by makes slices; --per-query has a row for each question anyway")
    }
  }

  /// - Throws: `missing-option` without judgements; what is wrong with them.
  static func source(_ arguments: Arguments) throws -> JudgementSource {
    if let source = try givenSource(arguments) { return source }
    throw arguments.error(
      .missingOption, "'\(arguments.verb)' needs judgements: --qrels FILE or --relevant-if EXPR",
      usage: true)
  }

  /// Where judgements come from; `nil` where there are none.
  static func givenSource(_ arguments: Arguments) throws -> JudgementSource? {
    switch (try arguments[qrels], try arguments[rule]) {
    case (let path?, nil): return .file(PathText.expandingHome(path))
    case (nil, let text?):
      do { return .rule(try WhereExpression(parsing: text, as: .relevance)) } catch {
        throw arguments.error(
          at: rule, part: error.location?.range, error.code, error.message, hint: error.hint)
      }
    case (nil, nil): return nil
    case (_?, _?):
      throw arguments.error(
        at: rule, .usage, "judgements come from --qrels or from --relevant-if, not from both")
    }
  }

  /// - Throws: about the metric at fault.
  static func measures(_ arguments: Arguments) throws -> [NamedMetric] {
    let texts = try arguments[metrics]
    guard !texts.isEmpty else { return [try NamedMetric(usualMetric)] }
    var known: Set<String> = []
    return try texts.enumerated().map { index, text in
      let measure = try attributing(to: metrics, index: index) { try NamedMetric(text) }
      guard known.insert(measure.name).inserted else {
        throw arguments.error(
          at: metrics, index: index, .usage, "the metric '\(measure.name)' is named twice")
      }
      return measure
    }
  }

  // MARK: - Running

  /// - Parameter collections: that the systems are of.
  @MainActor func foresee(in scope: inout ScriptScope, for collections: [String]) throws {
    switch source {
    case .file(let path): try attributing(to: Self.qrels) { try scope.requireJudgements(path) }
    case .rule(let rule):
      for collection in collections.compactMap(scope.settledCollection) {
        try rule.attributed { try scope.session.workspace.check(rule, in: collection) }
      }
    }
    if let questions { try attributing(to: Self.questions) { try scope.requireFile(questions) } }
  }

  /// What finds the systems' runs, with the questions read.
  @MainActor func resolver(
    in session: Session, _ handler: @escaping EventHandler
  ) async throws -> SystemResolver {
    var resolver = SystemResolver(session)
    if let questions { resolver.questions = try await QuestionSet.reading(questions, handler) }
    resolver.template.top = top
    resolver.template.recallFloor = session.settings[.indexFloor]
    return resolver
  }

  /// Judges systems.
  @MainActor func evaluation(
    of systems: [SystemRun], _ comparison: EvaluationRequest.Comparison?,
    rerankDepth: Int? = nil, in session: Session, _ handler: @escaping EventHandler
  ) async throws -> (evaluation: Evaluation, judgements: JudgementSet) {
    let set = try await session.bench.judgements(from: source, for: systems, handler)
    let request = request(for: systems, set, comparison, rerankDepth: rerankDepth, in: session)
    return (try await session.bench.evaluate(request, handler), set)
  }

  /// Whether systems can be judged by these options.
  ///
  /// - Throws: as an evaluation, for judgements and columns that do not fit.
  @MainActor func check(_ systems: [SystemRun], in session: Session) async throws {
    let set = try await session.bench.judgements(from: source, for: systems) { _ in }
    try await session.bench.checkEvaluation(request(for: systems, set, nil, in: session))
  }

  /// What judges systems by judgements that were read.
  @MainActor func request(
    for systems: [SystemRun], _ set: JudgementSet, _ comparison: EvaluationRequest.Comparison?,
    rerankDepth: Int? = nil, in session: Session
  ) -> EvaluationRequest {
    var request = EvaluationRequest(
      systems, set.judgements, measures: measures, seed: UInt64(session.settings[.seed]))
    request.relevanceLevel = level
    request.dropsEmpty = dropsEmpty
    request.keepsOwn = keepsOwn
    request.by = by
    request.clusterBy = clusterBy
    request.comparison = comparison
    request.rerankDepth = rerankDepth
    return request
  }
}
