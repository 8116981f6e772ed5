internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
private import ParallaxStatistics
internal import ParallaxWorkbench

/// Which rerankers `compare` tries on one run.
struct RerankingOptions: Sendable {
  static let models = OptionKey<[RerankModel]>.list(
    "rerank", .reranker, placeholder: "NAME",
    help:
      "rerankers of the first hits ('help rerank'); \(RerankComparison.none) for the order there is"
  )
  static let depth = OptionKey.single(
    "depth", .integer(2...10_000), placeholder: "N",
    help: "with --rerank: reorder the first N of each list",
    default: RerankRequest(model: RerankModel("")).depth)
  static let blend = OptionKey.single(
    "blend", .number(0...1), placeholder: "L", help: "with --rerank: as of 'rerank'",
    defaultNote: "the second stage alone")
  static let document = OptionKey.single(
    "document", .text, placeholder: "TEMPLATE", help: "with --rerank: as of 'rerank'")
  static let isCurve = OptionKey.flag(
    "curve", help: "with --rerank: a row for each depth, from the one pass")

  static var all: [any OptionDeclaration] { [models, depth, blend, document, isCurve] }

  let comparison: RerankComparison
  let isCurve: Bool
  /// Whether spaces answer as many hits as are reordered.
  private let takesDepth: Bool

  /// - Returns: `nil` where nothing is reranked.
  /// - Throws: what is wrong with the values, about their options.
  init?(_ arguments: Arguments) throws {
    let models = try arguments[Self.models]
    guard !models.isEmpty else {
      for (key, isGiven) in [
        ("depth", arguments.given(Self.depth)), ("blend", arguments.given(Self.blend)),
        ("document", arguments.given(Self.document)), ("curve", arguments.given(Self.isCurve)),
      ] where isGiven {
        throw arguments.error(.usage, "--\(key) goes with --rerank")
      }
      return nil
    }
    var known: Set<String> = []
    for (index, model) in models.enumerated() {
      guard known.insert(model.text).inserted else {
        throw arguments.error(
          at: Self.models, index: index, .usage, "the reranker '\(model.text)' is named twice")
      }
    }
    guard models.count > 1 else {
      throw arguments.error(
        at: Self.models, .usage, "one reranker has nothing to be compared with",
        hint:
          "--rerank \(RerankComparison.none),\(models[0].text) compares it with the order there is")
    }
    var request = RerankRequest(model: models[0])
    request.depth = try arguments[Self.depth]
    request.blend = try arguments[Self.blend]
    request.document = try arguments[Self.document].map {
      try RerankDocument(template: $0, parameter: Self.document.parameter())
    }
    comparison = RerankComparison(
      models.map { $0.text == RerankComparison.none ? nil : $0 }, request)
    isCurve = try arguments[Self.isCurve]
    takesDepth = !arguments.given(EvaluationOptions.top)
  }

  /// - Throws: `unknown-model`, `invalid-value`, about the option.
  func check() throws {
    for (index, model) in comparison.models.enumerated() {
      guard let model else { continue }
      do { _ = try RerankSystem(model) } catch var error as ParallaxError {
        error.parameter = Self.models.parameter(index)
        throw error
      }
    }
  }

  /// What spaces are asked with.
  func template(_ template: Query) -> Query {
    var copy = template
    if takesDepth { copy.top = max(copy.top, comparison.request.depth) }
    return copy
  }

  /// The run of each reranker.
  @MainActor func runs(
    of run: SystemRun, in session: Session, _ handler: @escaping EventHandler
  ) async throws -> [SystemRun] {
    try await session.bench.rerankings(
      of: run, seeded(in: session), budget: session.budget, handler)
  }

  /// What each of them would ask for.
  @MainActor func forecasts(of run: SystemRun, in session: Session) async throws -> [RerankForecast]
  {
    try await session.bench.forecasts(
      reranking: run, seeded(in: session), budget: session.budget)
  }

  @MainActor private func seeded(in session: Session) -> RerankComparison {
    var comparison = comparison
    comparison.request.seed = UInt64(session.settings[.seed])
    return comparison
  }

  /// The value of each system at ten depths: what a pass that is less deep would have given.
  @MainActor func curve(
    of runs: [SystemRun], _ original: SystemRun, judgedBy set: JudgementSet,
    _ options: EvaluationOptions, in session: Session, _ handler: @escaping EventHandler
  ) async throws -> Table {
    let deepest = comparison.request.depth
    let count = min(Self.steps, deepest)
    let depths = (1...count).map { deepest * $0 / count }
    var rows: [[Value]] = []
    var left: [String] = []
    for depth in depths {
      var systems: [SystemRun] = []
      for run in runs {
        guard
          var shallow = try await session.bench.shallower(
            run, of: original, comparison, depth: depth, budget: session.budget)
        else {
          if !left.contains(run.name) { left.append(run.name) }
          continue
        }
        shallow.name = run.name
        systems.append(shallow)
      }
      if systems.isEmpty { continue }
      let evaluation = try await session.bench.evaluate(
        options.request(for: systems, set, nil, rerankDepth: depth, in: session), handler)
      rows += evaluation.rows.map { row in
        [
          .text(evaluation.systems[row.system].name), .text(evaluation.measures[row.measure]),
          Value(depth), row.score.value.map { .real($0) } ?? .null,
          row.interval.map { .real($0.low) } ?? .null,
          row.interval.map { .real($0.high) } ?? .null, row.oracle.map { .real($0) } ?? .null,
        ]
      }
    }
    for name in left {
      handler(
        .note("'\(name)' orders lists as a whole: it has no value at depths that were not asked"))
    }
    return Table(
      columns: [
        .init("system", .text, isKey: true), .init("metric", .text, isKey: true),
        .init("depth", .integer, isKey: true), .init("value", .real, isMain: true),
        .init("low", .real), .init("high", .real), .init("oracle", .real),
      ], rows: rows)
  }

  private static let steps = 10
}
