package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct CanaryCommand: Command {
  private enum Action: String, CaseIterable, Sendable { case add, check, list, drop }

  private static let action = ObjectKey<Action>.required("ACTION", .choice)
  private static let space = ObjectKey<SpaceReference?>.optional("COLLECTION[@SPACE]", .space)
  private static let probes = OptionKey.single(
    "probes", .integer(CanaryRequest.fewest...1_000), placeholder: "N",
    help: "add: how many probes to keep", default: CanaryRequest(seed: 0).probes)
  private static let tolerance = OptionKey.single(
    "tolerance", .number(0...2), placeholder: "X",
    help: "check: the largest cosine distance that is no drift",
    defaultNote: "three times the noise, and at least 0.000001")
  private static let listsProbes = OptionKey.flag(
    "per-probe", help: "add, check: show a row for each probe")
  private static let isDryRun = OptionKey.flag(
    "dry-run", help: "add, check: show what would be asked for, and what it costs")

  package static let signature = CommandSignature(
    verb: "canary", group: "Experiments",
    summary: "keep probes with a space, and find out whether its model still answers the same",
    discussion: """
      add keeps probes with a space: items of it with the vectors they have there, and up to eight \
      texts that are always the same. Every probe is asked for at once, and every fourth one twice: \
      the largest distance between two answers is the noise of the model.

      check asks the probes again and shows the cosine distances to the kept vectors. It exits with \
      code 3 if one is above the tolerance: then the model behind the same name has changed, and new \
      vectors no longer fit those of the space. Every check is noted; 'canary list SPACE' shows them.

      Both ask the model whatever it answered before, so a remote one costs; --dry-run shows how much, \
      and 'set budget' limits it. The answers are kept and charged like all others, and change nothing \
      in the space. A local model gives a distance of exactly 0.
      """,
    objects: [action, space],
    options: [probes, tolerance, listsProbes, isDryRun, OptionKey.yes],
    examples: [
      "canary add photos@base --probes 32", "canary check photos@base", "canary list",
      "canary drop photos@base --yes",
    ], producesResult: true)

  private static let takers: [(option: any ArgumentKey, actions: [Action])] = [
    (probes, [.add]), (tolerance, [.check]), (listsProbes, [.add, .check]),
    (isDryRun, [.add, .check]), (OptionKey.yes, [.drop]),
  ]

  private let action: Action
  private let space: SpaceReference?
  private let probes: Int
  private let tolerance: Double?
  private let listsProbes: Bool
  private let isDryRun: Bool
  private let yes: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    action = try arguments[Self.action]
    space = try arguments[Self.space]
    probes = try arguments[Self.probes]
    tolerance = try arguments[Self.tolerance]
    listsProbes = try arguments[Self.listsProbes]
    isDryRun = try arguments[Self.isDryRun]
    yes = try arguments[OptionKey.yes]
    canonical = arguments.canonical
    try arguments.checkOptions(of: action, Self.takers)
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.results.make(.init(collections: []))
    if let space { try attributing(to: Self.space) { try scope.require(space) } }
    guard action == .drop else { return }
    try scope.session.checkConfirmation(
      of: Self.self, yes: yes, hint: "it would forget the probes and the checks of a space")
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    if isDryRun { return .none }
    guard [.add, .check].contains(action) else { return .none }
    return CallDemand(try await cost(of: itsSpace(scope.session), scope.session))
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let output =
      switch action {
      case .list: try list(session)
      case .add: try await add(session)
      case .check: try await check(session)
      case .drop: try drop(session)
      }
    return output
  }

  /// The space named, or the one in use.
  @MainActor private func itsSpace(_ session: Session) throws -> Space {
    guard let reference = space ?? session.current.map({ SpaceReference($0) }) else {
      throw ParallaxError(
        .missingObject, "'canary \(action)' needs a space",
        hint: "name one, or choose with 'use'", usage: Self.signature.usage)
    }
    return try attributing(to: Self.space) { try session.bench.space(reference) }
  }

  @MainActor private func request(in session: Session) -> CanaryRequest {
    var request = CanaryRequest(seed: session.settings[.seed])
    request.probes = probes
    return request
  }

  /// What adding or checking would ask for.
  @MainActor private func cost(of space: Space, _ session: Session) async throws -> RepeatedCost {
    if action == .add {
      return try await session.bench.canaryCost(
        of: space, request(in: session), budget: session.budget)
    }
    return try await attributed {
      try await session.bench.canaryCost(ofAsking: space, budget: session.budget)
    }
  }

  // MARK: - Actions

  @MainActor private func add(_ session: Session) async throws -> CommandOutput {
    let space = try itsSpace(session)
    if isDryRun { return output(try await cost(of: space, session), space) }
    let events = EventCollector(session.console)
    let report = try await attributed {
      try await session.bench.addCanary(
        to: space, request(in: session), budget: session.budget, events.handler)
    }
    var output = output(report, events)
    output.notes.insert(
      "keeps \(Wording.count(report.canary.probes.count, "probe")) with '\(space.reference)'; "
        + "\(Wording.count(report.repeated)) were asked twice", at: 0)
    if report.hasDrifted {
      output.warnings.append(
        "\(Wording.count(report.check.drifted, "probe differs", "probes differ")) already from the "
          + "vectors of '\(space.reference)': the model has changed since it was embedded")
    }
    return output
  }

  @MainActor private func check(_ session: Session) async throws -> CommandOutput {
    let space = try itsSpace(session)
    if isDryRun { return output(try await cost(of: space, session), space) }
    let events = EventCollector(session.console)
    let report = try await attributed {
      try await session.bench.checkCanary(
        of: space, tolerance: tolerance, budget: session.budget, events.handler)
    }
    var output = output(report, events)
    if report.hasDrifted {
      output.failure = ParallaxError(
        .checkFailed,
        "the model of '\(space.reference)' has drifted: \(Wording.count(report.check.drifted)) of "
          + "\(Wording.count(report.check.asked, "probe")) \(report.check.drifted == 1 ? "is" : "are") "
          + "farther than \(CanaryReport.text(report.check.tolerance)) from what it answered before",
        hint: "new vectors do not fit the old ones: embed into a new space, and compare with 'diff'"
      )
    }
    return output
  }

  @MainActor private func list(_ session: Session) throws -> CommandOutput {
    let table: Table
    if space == nil {
      let spaces = try session.workspace.collections()
        .flatMap { try session.workspace.spaces(in: $0) }
      table = CanaryReport.table(try session.workspace.canarySummaries(of: spaces))
    } else {
      table = CanaryReport.table(try session.workspace.canaryChecks(of: try itsSpace(session)))
    }
    let nothing = space == nil ? "no canaries yet" : "no checks"
    return CommandOutput(
      .table(table), provenance: Provenance(command: canonical),
      footer: table.rows.isEmpty ? [nothing] : [])
  }

  @MainActor private func drop(_ session: Session) throws -> CommandOutput {
    let space = try itsSpace(session)
    try session.confirm(
      "forget the probes and the checks of '\(space.reference)'", of: Self.self, yes: yes)
    guard try session.workspace.dropCanary(of: space) else {
      throw ParallaxError(
        .unknownName, "'\(space.reference)' has no canary", parameter: Self.space.parameter())
    }
    return .note("dropped the canary of '\(space.reference)'")
  }

  // MARK: - Output

  /// Errors about a canary that is there, or is not, are about the space.
  private func attributed<Result>(_ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch let error as ParallaxError
      where [.unknownName, .alreadyExists, .unsupported].contains(error.code)
    {
      throw space == nil ? error : error.about(Self.space.parameter())
    }
  }

  private func output(_ cost: RepeatedCost, _ space: Space) -> CommandOutput {
    CommandOutput(
      .table(cost.table(of: space)), provenance: Provenance(command: canonical),
      notes: ["nothing was asked"])
  }

  private func output(_ report: CanaryReport, _ events: EventCollector) -> CommandOutput {
    CommandOutput(
      .table(listsProbes ? report.probeTable : report.table),
      provenance: Provenance(
        command: canonical,
        spaces: [
          .init(name: report.canary.space.reference, value: report.canary.space.spec.identity)
        ], seed: report.canary.seed),
      footer: report.cost.footer,
      notes: (report.isExact ? ["every answer is what is kept, bit for bit"] : []) + events.notes,
      warnings: events.warnings)
  }
}
