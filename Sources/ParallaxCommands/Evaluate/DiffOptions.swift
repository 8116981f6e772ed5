internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// What the options of `diff` ask for.
struct DiffOptions: Sendable {
  private typealias Shared = EvaluationOptions

  private static let topKey = OptionKey.single(
    "top", .integer(1...1_000), placeholder: "N", help: "items of each list that are compared",
    default: 10, short: "k")
  private static let depthKey = OptionKey.single(
    "depth", .integer(2...10_000), placeholder: "N",
    help: "items that spaces answer, for rbo, tau and judgements", default: 100)
  private static let sampleKey = OptionKey.single(
    "sample", .integer(1...100_000), placeholder: "N",
    help: "without --queries: at most N items ask; more are drawn at random", default: 1_000)
  private static let marginKey = OptionKey.single(
    "margin", .number(0...1), placeholder: "X",
    help: "with judgements: the largest loss that does not matter")
  private static let thresholdKey = OptionKey.single(
    "min-score", .number(), placeholder: "X",
    help: "a threshold in A whose counterpart in B is sought",
    defaultNote: "what half of the questions reach at rank --top")
  private static let noiseKey = OptionKey.single(
    "noise", .number(0.000_1...1), placeholder: "SHARE",
    help: "ask a share of the questions again, to learn how much answers differ by themselves")
  private static let changesKey = OptionKey.flag(
    "changed", help: "list the questions and items that change most")
  private static let dryRunKey = OptionKey.flag(
    "dry-run", help: "show what would be asked for, and what it costs")

  static var all: [any OptionDeclaration] {
    [
      Shared.questions, topKey, changesKey, Shared.qrels, Shared.rule, Shared.metrics, marginKey,
      Shared.by, Shared.clusterBy, noiseKey, thresholdKey, depthKey, sampleKey, Shared.keepsOwn,
      Shared.dropsEmpty, Shared.level, dryRunKey,
    ]
  }

  static var noiseParameter: ParallaxError.Parameter { noiseKey.parameter() }

  let questions: String?
  let top: Int
  /// At least ``top``.
  let depth: Int
  let sample: Int
  let noise: Double?
  let listsChanges: Bool
  let isDryRun: Bool
  private let source: JudgementSource?
  private let measures: [NamedMetric]
  private let margin: Double?
  private let by: String?
  private let clusterBy: String?
  private let dropsEmpty: Bool
  private let level: Int
  private let threshold: Double?
  private let keepsOwn: Bool

  /// - Throws: what is wrong with the values, about their options.
  init(_ arguments: Arguments) throws {
    questions = try arguments[Shared.questions].map(PathText.expandingHome)
    top = try arguments[Self.topKey]
    depth = max(top, try arguments[Self.depthKey])
    sample = try arguments[Self.sampleKey]
    noise = try arguments[Self.noiseKey]
    listsChanges = try arguments[Self.changesKey]
    isDryRun = try arguments[Self.dryRunKey]
    source = try Shared.givenSource(arguments)
    measures = try Shared.measures(arguments)
    margin = try arguments[Self.marginKey]
    by = try arguments[Shared.by]
    clusterBy = try arguments[Shared.clusterBy]
    dropsEmpty = try arguments[Shared.dropsEmpty]
    level = try arguments[Shared.level]
    threshold = try arguments[Self.thresholdKey]
    keepsOwn = try arguments[Shared.keepsOwn]
    if questions != nil, arguments.given(Self.sampleKey) {
      throw arguments.error(
        at: Self.sampleKey, .usage, "--sample is of items that ask; with --queries the file asks")
    }
    let ofJudgements: [any ArgumentKey] = [
      Shared.metrics, Self.marginKey, Shared.clusterBy, Shared.dropsEmpty, Shared.level,
    ]
    for other in ofJudgements where source == nil && arguments.given(other) {
      throw arguments.error(
        at: other, .usage, "--\(other.name) needs judgements: --qrels FILE or --relevant-if EXPR")
    }
    if margin == 0 {
      throw arguments.error(
        at: Self.marginKey, .invalidValue, "'margin' takes a number above 0; got '0'",
        hint: "no number of questions can rule out every loss")
    }
    for (index, measure) in measures.enumerated() where !measure.higherIsBetter {
      throw arguments.error(
        at: Shared.metrics, index: index, .usage,
        "'\(measure.name)' says nothing of how good a system is; 'eval' shows it")
    }
  }

  @MainActor func foresee(in scope: inout ScriptScope) throws {
    if let questions {
      try attributing(to: Shared.questions) { try scope.requireFile(questions) }
    }
    if case .file(let path) = source {
      try attributing(to: Shared.qrels) { try scope.requireJudgements(path) }
    }
  }

  /// What is to be compared, with the judgements read.
  @MainActor func request(
    _ runs: [SystemRun], _ spaces: [Space?], _ session: Session,
    _ handler: @escaping EventHandler
  ) async throws -> DifferenceRequest {
    var request = DifferenceRequest(
      runs[0], runs[1], seed: UInt64(session.settings[.seed]))
    if let first = spaces[0], let second = spaces[1] { request.spaces = .init(first, second) }
    request.top = top
    request.threshold = threshold
    request.by = by
    request.keepsOwn = keepsOwn
    if let source {
      let set = try await session.bench.judgements(from: source, for: runs, handler)
      request.judging = .init(set.judgements, measures: measures)
      request.judging?.inputs = set.inputs
      request.judging?.margin = margin
      request.judging?.clusterBy = clusterBy
      request.judging?.dropsEmpty = dropsEmpty
      request.judging?.relevanceLevel = level
    }
    return request
  }
}
