package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct ReembedCommand: Command {
  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let name = OptionKey.required(
    "as", .name, placeholder: "SPACE", help: "name of the new space")
  private static let model = OptionKey<String?>.single(
    "model", .model, placeholder: "MODEL", help: "model",
    defaultNote: "that of the old space, in its newest version")
  private static let task = OptionKey<String?>.single(
    "task", .task, placeholder: "TASK", help: "task type of the document side",
    defaultNote: "that of the old space")
  private static let dimension = OptionKey<Int?>.single(
    "dim", .integer(1...65_536), placeholder: "N", help: "dimension",
    defaultNote: "that of the old space")
  private static let content = OptionKey<EmbeddedContent?>.single(
    "content", .choice, placeholder: "WHAT", help: "which part of an item is embedded",
    defaultNote: "that of the old space")
  private static let sample = OptionKey<Int?>.single(
    "sample", .integer(20...10_000), placeholder: "N",
    help: "embed N random items only, and estimate what would change")

  package static let signature = CommandSignature(
    verb: "reembed", group: "Spaces",
    summary: "embed a collection again beside an old space, with another model or task",
    discussion: """
      Makes a new space of the same collection. The old one stays and can be searched all the time. \
      Whatever you do not ask for is taken over from the old space: the model (in its newest \
      version), the task type, the dimension and the content. What the new model does not have is \
      reported. If the new space would have the identity of the old one, nothing is done.

      --dry-run shows the cost. Every batch is stored before the next one counts: after a kill or \
      Ctrl-C the same command continues, and nothing is paid for twice. With --resume the new space \
      must exist; damaged chunks of it are dropped first.

      --sample N embeds N random items (the setting 'seed' decides which) and stops. It compares \
      each item's 10 nearest items of the sample in both spaces, and shows what the rest would cost: \
      this says how much changes, not what gets better. With --queries and judgements (see 'help \
      eval') both spaces also answer the questions from the sample, and a difference is tested. \
      Every other item of the sample is then one that is relevant to a question. To find it among \
      so few is easier than in the whole collection, so look at the difference, not at the values. \
      The vectors stay in the new space: the same command without --sample embeds the rest.

      'promote photos@v2' then makes 'query photos' search the new space; 'demote photos' takes it \
      back.
      """,
    objects: [space],
    options: [name, model, task, dimension, content, sample] + SampleOptions.all
      + [EmbedCommand.resumes, EmbedCommand.isDryRun],
    examples: [
      "reembed photos@base --as v2 --model mini --dry-run",
      "reembed photos@base --as v2 --model gemini-embedding-2 --sample 200",
      "reembed photos@base --as v2 --sample 200 --queries queries.csv --relevant-if \"id = :item\"",
      "reembed photos@base --as sim --task SEMANTIC_SIMILARITY",
    ], producesResult: true)

  private let space: SpaceReference
  private let request: ReembedRequest
  private let sample: Int?
  private let judged: SampleOptions?
  private let isDryRun: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    var request = ReembedRequest(name: try arguments[Self.name])
    request.model = try arguments[Self.model].map { PathText.expandingHome($0) }
    request.task = try arguments[Self.task]
    request.dimension = try arguments[Self.dimension]
    request.content = try arguments[Self.content]
    request.resumes = try arguments[EmbedCommand.resumes]
    self.request = request
    sample = try arguments[Self.sample]
    judged = try SampleOptions(arguments, with: Self.sample)
    isDryRun = try arguments[EmbedCommand.isDryRun]
    canonical = arguments.canonical
    space = try arguments[Self.space]
  }

  package func foresee(in scope: inout ScriptScope) throws {
    if let model = request.model {
      try attributing(to: Self.model) { try scope.requireModel(model) }
    }
    try judged?.foresee(in: &scope)
    guard !isDryRun else { return }
    scope.addSpace(SpaceReference(collection: space.collection, space: request.name))
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    if isDryRun { return .none }
    let session = scope.session
    let reembedding = try await session.bench.reembedding(
      request, of: session.bench.space(space), budget: session.budget)
    guard let sample = try await drawing(in: session, { _ in }) else {
      return CallDemand(
        try await session.bench.forecast(
          reembedding.request, of: reembedding.old.collection, budget: session.budget
        ).remote)
    }
    let forecast = try await session.bench.forecast(
      reembedding, by: sample, budget: session.budget
    ) { _ in }
    return ([forecast.items.remote] + forecast.questions.map(\.remote)).map { CallDemand($0) }.sum
  }

  /// What is embedded first; `nil` for everything at once.
  @MainActor private func drawing(
    in session: Session, _ handler: @escaping EventHandler
  ) async throws -> ReembedSample? {
    guard let sample else { return nil }
    var drawing = ReembedSample(count: sample, seed: UInt64(session.settings[.seed]))
    drawing.questions = try await judged?.questions(handler)
    return drawing
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let bench = session.bench
    let old = try attributing(to: Self.space) { try bench.space(space) }
    let reembedding = try await bench.reembedding(request, of: old, budget: session.budget)
    let events = EventCollector(session.console)
    let sample = try await drawing(in: session, events.handler)
    if isDryRun { return try await forecast(reembedding, sample, session, events) }
    let outcome: EmbedOutcome
    var inputs: [Provenance.Name] = []
    var output = CommandOutput()
    if let sample {
      let estimate = try await bench.estimate(
        reembedding, by: sample, budget: session.budget, events.handler)
      outcome = estimate.outcome
      output.body = .table(estimate.table)
      output.footer =
        outcome.footer(milliseconds: estimate.embedding)
        + (estimate.evaluation?.footer ?? [])
      output.notes =
        (estimate.evaluation.map { $0.remarks + $0.conclusion } ?? []) + [estimate.conclusion]
      output.warnings = estimate.warnings
      inputs = estimate.inputs
    } else {
      outcome = try await bench.embed(
        reembedding.request, of: old.collection, budget: session.budget, events.handler)
      if !outcome.failures.isEmpty { output.body = .table(outcome.failureTable) }
      output.footer = outcome.footer(milliseconds: Clock.milliseconds(since: start))
      output.warnings = outcome.warnings
    }
    output.provenance = Provenance(
      command: canonical,
      spaces: [old, outcome.space].map { .init(name: $0.reference, value: $0.spec.identity) },
      inputs: inputs, seed: sample.map { Int($0.seed) })
    output.notes = reembedding.notes + events.notes + output.notes
    output.warnings += events.warnings
    return output
  }

  private func forecast(
    _ reembedding: Reembedding, _ sample: ReembedSample?, _ session: Session,
    _ events: EventCollector
  ) async throws -> CommandOutput {
    let collection = reembedding.old.collection
    let whole = try await session.bench.forecast(
      reembedding.request, of: collection, budget: session.budget)
    var facts = whole.facts
    if let sample {
      facts += try await session.bench.forecast(
        reembedding, by: sample, budget: session.budget, events.handler
      ).facts
    }
    return CommandOutput(
      .table(Forecast.table(of: facts)),
      provenance: Provenance(command: canonical, seed: sample.map { Int($0.seed) }),
      notes: reembedding.notes + events.notes + whole.remarks,
      warnings: events.warnings + whole.warnings)
  }
}
