package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct DiffCommand: Command {
  private static let first = ObjectKey<SystemReference>.required("A", .system)
  private static let second = ObjectKey<SystemReference>.required("B", .system)

  package static let signature = CommandSignature(
    verb: "diff", group: "Experiments",
    summary: "show how the answers of two spaces or runs differ, and what follows",
    discussion: """
      A is what you have, B what may take its place: a space, a run ('query --queries') or the file \
      of a run. Two spaces of one collection need no questions: then its items ask, each without \
      itself, and metadata fields are the columns of the questions.

      overlap@10 is the share of the first 10 that both have. rbo weights the top more and looks at \
      whole lists (--depth); rbo_min and rbo_max are its values if nothing or all agrees below. tau \
      and tau_ap compare the order of the items that both lists have. Each is a mean over questions \
      with an interval of 95 % ('help statistics', 'help likeness'). churned items have fewer than half of their \
      10 neighbours in common. cka says how alike the spaces place the items, whatever their \
      dimensions: 1 is the same but for rotation and scale. hubness: see 'help health'.

      Scores of two spaces never compare. What compares is what a threshold does: 'same acceptance' \
      is the --min-score of B that lets as many pairs through as X does in A, 'same precision' the \
      lowest one whose pairs are relevant as often.

      The verdict is 'promote', 'hold' or 'not enough evidence', with its strongest reasons. With \
      judgements it follows from the paired test that 'compare' does; a loss within --margin does \
      not matter. Without judgements it is about change alone.

      --noise 0.05 asks a twentieth of the questions again, whatever was answered before, and says \
      when A and B differ no more than a system differs from itself. A remote model costs: \
      --dry-run shows how much, and 'set budget' limits it.
      """,
    objects: [first, second], options: DiffOptions.all,
    examples: [
      "diff photos@base photos@v2", "diff photos@base photos@v2 --queries queries.csv --changed",
      "diff q r --qrels qrels.tsv --margin 0.01 --by city",
      "diff photos@base photos@v2 --relevant-if \"class = :class\"",
    ], producesResult: true)

  private let references: [SystemReference]
  private let options: DiffOptions
  private let canonical: String

  private static let keys = [first, second]

  package init(_ arguments: Arguments) throws {
    references = [try arguments[Self.first], try arguments[Self.second]]
    options = try DiffOptions(arguments)
    canonical = arguments.canonical
    if references[0].text == references[1].text {
      throw arguments.error(
        at: Self.second, .usage, "the system '\(references[0].text)' is named twice")
    }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    for (key, reference) in zip(Self.keys, references) {
      try attributing(to: key) { try scope.require(reference) }
    }
    try options.foresee(in: &scope)
    scope.results.make(.init(collections: []))
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    if options.isDryRun { return .none }
    if options.questions == nil, !references.allSatisfy({ scope.isThere($0) }) {
      throw ParallaxError(.unknownName, "an earlier line makes what it works on")
    }
    let (systems, resolver) = try await asked(
      references.filter { scope.isThere($0) }, scope.session
    ) { _ in }
    let (forecasts, noise) = try await cost(systems.compactMap(\.space), resolver, scope.session)
    return forecasts.map { CallDemand($0.remote) }.sum + (noise.map { CallDemand($0) } ?? .none)
  }

  /// What words stand for, and what asks them.
  @MainActor private func asked(
    _ references: [SystemReference], _ session: Session, _ handler: @escaping EventHandler
  ) async throws -> (systems: [SystemResolver.System], resolver: SystemResolver) {
    var resolver = SystemResolver(session)
    let systems = try zip(Self.keys, references).map { key, reference in
      try attributing(to: key) { try resolver.system(reference) }
    }
    try checkCollections(systems.compactMap(\.space))
    resolver.questions = try await questions(systems, session, handler)
    resolver.template.top = options.depth
    resolver.template.method = .exact
    return (systems, resolver)
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let events = EventCollector(session.console)
    let (systems, resolver) = try await asked(references, session, events.handler)
    let spaces = systems.map(\.space)
    if options.isDryRun {
      return try await forecast(spaces.compactMap(\.self), resolver, session)
    }
    let runs = try await runs(systems, resolver, events.handler)
    var request = try await options.request(runs, spaces, session, events.handler)
    if let share = options.noise {
      request.noise = try await session.bench.noise(
        of: asked(runs, spaces), share: share, top: options.top, seed: request.seed,
        budget: session.budget, events.handler)
    }
    let difference = try await session.bench.difference(request, events.handler)
    let time = Clock.milliseconds(since: start)
    let table =
      options.listsChanges
      ? try await difference.changedTable(in: session.workspace) : difference.table
    return CommandOutput(
      // A report is read whole.
      .shown(table, format: nil, rows: table.rows.count), content: .difference(difference),
      provenance: difference.provenance(command: canonical, milliseconds: time),
      footer: difference.footer + [Wording.milliseconds(time)],
      notes: events.notes + difference.conclusion,
      warnings: events.warnings + difference.warnings)
  }

  // MARK: - Systems

  private func checkCollections(_ spaces: [Space]) throws {
    guard let one = spaces.first, let other = spaces.last, one.collection != other.collection else {
      return
    }
    throw ParallaxError(
      .unsupported,
      "'\(one.reference)' and '\(other.reference)' are of two collections: their items are others",
      parameter: Self.second.parameter())
  }

  /// Those of the file, or of the run that has some; else the items of both spaces ask.
  @MainActor private func questions(
    _ systems: [SystemResolver.System], _ session: Session, _ handler: @escaping EventHandler
  ) async throws -> QuestionSet? {
    if let file = options.questions { return try await QuestionSet.reading(file, handler) }
    let spaces = systems.compactMap(\.space)
    if spaces.count == 2 {
      return try await session.bench.itemQuestions(
        of: spaces, atMost: options.sample, seed: UInt64(session.settings[.seed]), handler)
    }
    return systems.lazy.compactMap(\.run?.questions).first
  }

  private func runs(
    _ systems: [SystemResolver.System], _ resolver: SystemResolver,
    _ handler: @escaping EventHandler
  ) async throws -> [SystemRun] {
    var runs: [SystemRun] = []
    let collection = systems.lazy.compactMap { $0.space?.collection ?? $0.run?.collection }.first
    for (key, reference) in zip(Self.keys, references) {
      do {
        runs.append(try await resolver.run(reference, of: collection, handler))
      } catch let error as ParallaxError {
        throw error.about(key.parameter())
      }
    }
    return runs
  }

  /// The runs that a space was asked for, with it.
  private func asked(
    _ runs: [SystemRun], _ spaces: [Space?]
  ) throws -> [(run: SystemRun, space: Space)] {
    let asked = zip(runs, spaces).compactMap { run, space in
      run.isOfEngine ? nil : space.map { (run: run, space: $0) }
    }
    guard asked.isEmpty else { return asked }
    throw ParallaxError(
      .usage,
      "--noise asks a space again; '\(references[0].text)' and '\(references[1].text)' "
        + "have their answers already", parameter: DiffOptions.noiseParameter)
  }

  /// What the spaces would be asked for, and asked for again.
  @MainActor private func cost(
    _ spaces: [Space], _ resolver: SystemResolver, _ session: Session
  ) async throws -> (forecasts: [RunForecast], noise: RepeatedCost?) {
    var forecasts: [RunForecast] = []
    for space in spaces { forecasts.append(try await resolver.forecast(for: space)) }
    guard let share = options.noise, let questions = resolver.questions else {
      return (forecasts, nil)
    }
    let noise = try await session.bench.noiseCost(
      of: spaces, asked: questions.questions, share: share, seed: UInt64(session.settings[.seed]),
      budget: session.budget)
    return (forecasts, noise)
  }

  @MainActor private func forecast(
    _ spaces: [Space], _ resolver: SystemResolver, _ session: Session
  ) async throws -> CommandOutput {
    let (forecasts, noise) = try await cost(spaces, resolver, session)
    let facts =
      forecasts.flatMap { forecast in
        forecast.demand.map { (name: "\(forecast.reference): \($0.name)", value: $0.value) }
      } + (noise?.rows.map { (name: "noise: \($0.name)", value: $0.value) } ?? [])
    return CommandOutput(
      .table(
        Table(
          columns: [.init("what", .text, isKey: true), .init("value", .text)],
          rows: facts.map { [.text($0.name), .text($0.value)] })),
      provenance: Provenance(command: canonical), notes: ["nothing was asked"],
      warnings: forecasts.flatMap(\.warnings))
  }
}
