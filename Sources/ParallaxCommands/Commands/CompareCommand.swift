package import CommandLanguage
internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxWorkbench

package struct CompareCommand: Command {
  private static let systems = ObjectKey.repeated("SYSTEM", .system)
  private static let margin = OptionKey.single(
    "margin", .number(0...1), placeholder: "X",
    help: "the largest loss that does not matter, in the unit of the metric")
  private static let isDryRun = OptionKey.flag(
    "dry-run",
    help: "where something varies, and with --rerank: show what would be asked for, and its cost")
  private static let isExploratory = OptionKey.flag(
    "exploratory", help: "do not correct p for the number of tests; every conclusion is marked")
  private static let noise = OptionKey.single(
    "noise", .number(0.000_1...1), placeholder: "SHARE",
    help: "ask a share of the questions again, to learn how much answers differ by themselves")

  private static let requiredGain = OptionKey.single(
    "require-gain", .number(0...1), placeholder: "X",
    help: "fail unless each system is better than the first one by X, in the unit of the metric")

  package static let signature = CommandSignature(
    verb: "compare", group: "Experiments",
    summary: "test whether systems answer better than the first one",
    discussion: """
      The first SYSTEM is the baseline; systems and judgements are those of 'eval' ('help eval'). A \
      row gives a system's value of a metric, its difference to the baseline with an interval of \
      95 %, and p: how often chance alone makes a difference this large ('help statistics'). All \
      systems, metrics and slices are one family of tests, and 'p_holm' is corrected for its size.

      'verdict' is better or worse where p_holm is at most .05. 'not distinguishable' does not mean \
      equal: with --margin 0.01 a system is 'not worse than margin' when a larger loss is ruled \
      out. 'too few questions' says that so few questions differ that no result could reach .05. \
      The sentence under the table is about the first metric over all questions.

      'dimension' to 'cost' say what a system needs: bytes, milliseconds a question, US dollars for \
      all questions. --by FIELD adds each value of a column of the questions, with fewer than \
      \(Evaluation.smallestSlice) questions without a test. 'explain RESULT QUERY' shows both lists \
      side by side.

      Of one space, something may vary: its dimensions (the whole vector is the baseline), task types, \
      codes, similarity, fusion or index. The questions are embedded once. --tasks all first asks a \
      few probes under each task type and says which of them the service ignores.

      Of one run or space, --rerank none,NAME,… compares the order there is with what rerankers make \
      of the first --depth hits. 'oracle' is the value that the best order of those would have, \
      'flips' the share of pairs that change their order, 'first_changed' counts lists with another \
      first hit; 'ms_per_repair' and 'cost_per_repair' are what a question costs that gets better. \
      Times and costs are those of this pass: kept scores take none. --curve shows the value at ten \
      depths, from the same scores. --require-gain 0.01 ends a script with exit code 3 where a \
      reranker does not pay. --dry-run shows what each would ask for and cost, and what is kept \
      already; it asks nothing.

      --noise 0.05 asks the spaces a twentieth of the questions again, whatever was answered before, \
      and says which differences a model's own noise could make. A remote model costs; 'set budget' \
      limits it.
      """,
    objects: [systems],
    options: EvaluationOptions.sources + VariationOptions.all + RerankingOptions.all
      + [margin, requiredGain, isExploratory, noise] + EvaluationOptions.others + [isDryRun],
    examples: [
      "compare q r --qrels qrels.tsv --metric ndcg@10",
      "compare photos@base photos@v2 --queries queries.csv --relevant-if \"id = :item\" --margin 0.01",
      "compare q r --qrels qrels.tsv --by city --metric success@1,mrr",
      "compare photos@base --queries queries.csv --qrels qrels.tsv --dims 64..768 --margin 0.01",
      "compare photos@base --queries queries.csv --qrels qrels.tsv --codes none,int8,binary",
      "compare q --rerank none,mini-cross --qrels qrels.tsv --metric success@1 --require-gain 0.01",
    ], acceptsResult: true, producesResult: true)

  private let systems: SystemList
  private let options: EvaluationOptions
  /// `nil` where systems are named.
  private let variation: VariationOptions?
  /// `nil` where nothing is reranked.
  private let reranking: RerankingOptions?
  private let comparison: EvaluationRequest.Comparison
  private let requiredGain: Double?
  private let noise: Double?
  private let isDryRun: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    reranking = try RerankingOptions(arguments)
    if reranking != nil, try arguments[VariationOptions.isGrid] {
      throw arguments.error(
        at: VariationOptions.isGrid, .usage,
        "--grid combines what a space is asked, and --rerank reorders one run",
        hint: "make a run with 'query', and compare rerankers of that")
    }
    let variation = try VariationOptions(arguments)
    self.variation = variation.variation.isEmpty ? nil : variation
    let isVaried = self.variation != nil || reranking != nil
    systems = try SystemList(arguments, Self.systems, least: isVaried ? 1 : 2)
    options = try EvaluationOptions(arguments)
    var comparison = EvaluationRequest.Comparison()
    comparison.margin = try arguments[Self.margin]
    comparison.isExploratory = try arguments[Self.isExploratory]
    requiredGain = try arguments[Self.requiredGain]
    self.comparison = comparison
    noise = try arguments[Self.noise]
    isDryRun = try arguments[Self.isDryRun]
    canonical = arguments.canonical
    if isDryRun, !isVaried {
      throw arguments.error(
        at: Self.isDryRun, .usage, "--dry-run goes with --rerank and what varies, such as --tasks",
        hint: "'query SPACE --queries FILE --dry-run' tells it of one space")
    }
    if reranking != nil { try checkReranking(arguments, variation.variation) }
    if self.variation != nil, systems.single == nil {
      throw arguments.error(
        .usage,
        "--\(variation.variation.axes[0]) varies what one space is asked; got several systems")
    }
    if self.variation != nil, noise != nil {
      throw arguments.error(
        at: Self.noise, .usage,
        "--noise asks spaces as they are; --\(variation.variation.axes[0]) cannot be combined with it"
      )
    }
    if comparison.margin == 0 {
      throw arguments.error(
        at: Self.margin, .invalidValue, "'margin' takes a number above 0; got '0'",
        hint: "no number of questions can rule out every loss")
    }
    for (index, measure) in options.measures.enumerated() where !measure.higherIsBetter {
      throw arguments.error(
        at: EvaluationOptions.metrics, index: index, .usage,
        "'\(measure.name)' says nothing of how good a system is; 'eval' shows it")
    }
  }

  private func checkReranking(_ arguments: Arguments, _ variation: Variation) throws {
    if let axis = variation.axes.first {
      throw arguments.error(
        at: RerankingOptions.models, .usage, "--rerank cannot be combined with --\(axis)",
        hint: "make a run with 'query', and compare rerankers of that")
    }
    guard systems.count == 1 else {
      throw arguments.error(
        at: RerankingOptions.models, .usage,
        "--rerank reorders one run; got \(systems.count) systems")
    }
    for (name, other, isGiven) in [
      ("noise", "rerank", noise != nil),
      ("per-query", "curve", reranking?.isCurve == true && options.isPerQuestion),
      ("require-gain", "dry-run", isDryRun && requiredGain != nil),
    ] where isGiven {
      throw arguments.error(
        at: RerankingOptions.models, .usage, "--\(name) cannot be combined with --\(other)")
    }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    try reranking?.check()
    try systems.foresee(in: &scope, for: Self.systems)
    try options.foresee(in: &scope, for: systems.collections(in: scope))
    scope.results.make(.init(collections: []))
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    if isDryRun { return .none }
    let session = scope.session
    let resolver = try await resolver(in: session) { _ in }
    if let variation, let space = systems.single {
      return CallDemand(
        try await variation.systems(of: space, resolver, in: session).forecast(in: session).remote)
    }
    if let reranking {
      guard let single = systems.single, scope.isThere(single) else {
        throw ParallaxError(.unknownName, "what comes before makes what it works on")
      }
      return try await forecasts(of: reranking, resolver, nil, in: session) { _ in }
        .map { CallDemand($0) }.sum
    }
    let demand = try await systems.demand(resolver, in: scope)
    guard let noise, let questions = resolver.questions else { return demand }
    let spaces = try systems.spaces(resolver, in: scope)
    guard spaces.count == systems.count else {
      throw ParallaxError(.unsupported, "--noise asks a run for some of its questions again")
    }
    return demand
      + CallDemand(
        try await session.bench.noiseCost(
          of: spaces, asked: questions.questions, share: noise,
          seed: UInt64(session.settings[.seed]), budget: session.budget))
  }

  @MainActor private func resolver(
    in session: Session, _ handler: @escaping EventHandler
  ) async throws -> SystemResolver {
    var resolver = try await options.resolver(in: session, handler)
    if let reranking { resolver.template = reranking.template(resolver.template) }
    return resolver
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let events = EventCollector(session.console)
    let resolver = try await resolver(in: session, events.handler)
    var varied: VariationOptions.Systems?
    var runs: [SystemRun]
    var original: SystemRun?
    do {
      if let variation, let space = systems.single {
        varied = try await variation.systems(of: space, resolver, in: session)
      }
      if isDryRun, let varied { return try await forecast(of: varied, events, in: session) }
      if isDryRun, let reranking {
        let forecasts = try await forecasts(
          of: reranking, resolver, input, in: session, events.handler)
        return CommandOutput(
          .table(forecasts.table), provenance: Provenance(command: canonical),
          notes: events.notes + forecasts.remarks,
          warnings: events.warnings + forecasts.flatMap(\.warnings))
      }
      for note in varied?.notes ?? [] { session.console.note("comparing \(note)") }
      runs =
        if let varied { try await varied.runs(in: session, events.handler) } else {
          try await systems.runs(resolver, input, for: Self.systems, events.handler)
        }
      if let reranking {
        original = runs[0]
        // Before rerankers are asked, and paid.
        try await options.check(runs, in: session)
        runs = try await reranking.runs(of: runs[0], in: session, events.handler)
      }
    } catch let error as ParallaxError {
      throw error.about(Self.systems.parameter())
    }
    let (evaluation, set) = try await options.evaluation(
      of: runs, comparison, rerankDepth: reranking?.comparison.request.depth, in: session,
      events.handler)
    let floor = try await noiseFloor(evaluation, session, events.handler)
    let noise = floor?.remarks(on: evaluation, options.measures[0]) ?? []
    let perQuestion = options.isPerQuestion
    var table = try perQuestion ? evaluation.perQuestionTable() : evaluation.table
    if let reranking, reranking.isCurve, let original {
      table = try await reranking.curve(
        of: runs, original, judgedBy: set, options, in: session, events.handler)
    }
    var output = CommandOutput(
      .table(table),
      content: .evaluation(evaluation),
      provenance: evaluation.provenance(command: canonical, judgedBy: set.inputs),
      footer: evaluation.footer + (floor?.cost.footer ?? []),
      notes: events.notes + evaluation.remarks + evaluation.keptScores + noise
        + (perQuestion ? evaluation.perQuestionRemarks : evaluation.conclusion),
      warnings: events.warnings + evaluation.unevenness)
    output.failure = requiredGain.flatMap(evaluation.missing(gain:))
    return output
  }

  /// How much answers differ when some questions are asked again; `nil` when none are to be.
  @MainActor private func noiseFloor(
    _ evaluation: Evaluation, _ session: Session, _ handler: @escaping EventHandler
  ) async throws -> NoiseFloor? {
    guard let noise else { return nil }
    let plain = evaluation.systems.map(\.run).filter(\.isPlain)
    guard !plain.isEmpty else {
      throw ParallaxError(
        .unsupported, "no system is a space that was asked for its nearest items alone",
        parameter: Self.noise.parameter())
    }
    return try await session.bench.noise(
      of: plain.map { (run: $0, space: $0.spaces[0]) }, share: noise, top: 10,
      seed: evaluation.seed, budget: session.budget, handler)
  }

  /// What the rerankers of a run would ask for.
  @MainActor private func forecasts(
    of reranking: RerankingOptions, _ resolver: SystemResolver, _ input: NamedResult?,
    in session: Session, _ handler: @escaping EventHandler
  ) async throws -> [RerankForecast] {
    if let single = systems.single, case .space = try resolver.system(single) {
      throw ParallaxError(
        .unsupported,
        "'\(single.text)' is a space, and what a reranker would look at is known once it was asked",
        hint: "'q = query \(single.text) --queries FILE --top "
          + "\(reranking.comparison.request.depth)' makes a run that is compared then")
    }
    let run = try await systems.runs(resolver, input, for: Self.systems, handler)[0]
    return try await reranking.forecasts(of: run, in: session)
  }

  @MainActor private func forecast(
    of systems: VariationOptions.Systems, _ events: EventCollector, in session: Session
  ) async throws -> CommandOutput {
    let forecast = try await systems.forecast(in: session)
    return CommandOutput(
      .table(forecast.table), provenance: Provenance(command: canonical),
      notes: systems.notes + events.notes + forecast.remarks, warnings: forecast.warnings)
  }
}
