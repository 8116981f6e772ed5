package import CommandLanguage
internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct SuggestCommand: Command {
  private static let usual = SuggestRequest(fields: [])

  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let paths = ObjectKey.repeated("PATH", .path, .any)
  private static let fields = OptionKey.list(
    "field", .column, placeholder: "NAME", help: "metadata fields to suggest values for")
  private static let count = OptionKey.single(
    "k", .integer(1...1_000), placeholder: "N", help: "nearest cases that are asked",
    default: usual.count)
  private static let agreement = OptionKey.single(
    "min-agreement", .number(0...1), placeholder: "X",
    help: "abstain where a smaller share of the cases agrees", default: usual.minimumAgreement)
  private static let condition = OptionKey.single(
    "where", .condition, placeholder: "EXPR", help: "which items are cases")
  private static let follows = OptionKey.flag(
    "follow", help: "follow links to folders outside PATH")
  private static let isDryRun = OptionKey.flag(
    "dry-run", help: "show what would be embedded, and what it costs")

  package static let signature = CommandSignature(
    verb: "suggest", group: "Search",
    summary: "say how well the nearest known cases tell the values of fields",
    discussion: """
      PATH is a folder, with its subfolders, a picture, or a pattern such as "new/*.jpg". Each picture gets a \
      row: its nearest case, for each field what the k nearest cases suggest, and all of them with their \
      scores and values (an empty value is not known). Nothing is added to the collection. Pictures are \
      embedded with the space's own model, as 'gate' does; --dry-run shows what that costs.

      First, and without PATH alone, the cases are tried on one another. Each item of the collection is asked for in turn: the k nearest others, without copies of its file, \
      say what its fields should be, and that is compared with what they are. So you know how far to trust \
      such votes on your own pictures before you use them.

      Texts and booleans are voted on. A case weighs 1 / (1 - cosine); the agreement is the share of the \
      winner in the weight of all k cases, and a case without a value agrees with none. Below \
      --min-agreement the vote abstains. Numbers and dates give the median and the range, from the smallest \
      to the largest, of the cases that have one. --where chooses the cases: "defect is not null" leaves out those \
      that know nothing.

      Of each field: right is the share of cases that the vote gets right, whoever agrees, with an exact \
      interval of 95 %; usual that of always the most frequent value; answered the share where enough agree, \
      and precision the share of those that is right. Of each value, precision says how often an answer \
      with it is right, and mistaken_for what the vote says most often instead. error is the median of the \
      absolute errors, of dates in days, with an interval of 95 % from their order (error_low, error_high); usual_error that of always the median of all; inside the share of \
      values within the range. Near-copies (cosine from 0.97 on) make all of this easy: right_apart and \
      error_apart are without them.
      """,
    objects: [space, paths],
    options: [fields, count, agreement, condition, follows, isDryRun],
    examples: [
      "suggest photos@base ./incoming --field defect,repair_cost --k 5",
      "suggest photos@base --field defect --where \"defect is not null\"",
    ], producesResult: true)

  private let space: SpaceReference
  private let paths: [String]
  private let request: SuggestRequest
  private let follows: Bool
  private let isDryRun: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    let names = try arguments[Self.fields]
    guard !names.isEmpty else {
      throw arguments.error(
        .missingOption, "'suggest' needs --field: what the cases are asked for", usage: true)
    }
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw arguments.error(
        at: Self.fields, index: index, .usage, "--field names '\(name)' twice")
    }
    var request = SuggestRequest(fields: names)
    request.count = try arguments[Self.count]
    request.minimumAgreement = try arguments[Self.agreement]
    request.condition = try arguments[Self.condition]
    self.request = request
    paths = try arguments[Self.paths]
    follows = try arguments[Self.follows]
    isDryRun = try arguments[Self.isDryRun]
    for option in [Self.follows, Self.isDryRun] where paths.isEmpty && arguments.given(option) {
      throw arguments.error(
        at: option, .usage, "--\(option.name) is about pictures that come in: it goes with PATH")
    }
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    for (index, path) in paths.enumerated() {
      try attributing(to: Self.paths, index: index) {
        try scope.requireFile(IngestOptions.fileOrFolder(of: path))
      }
    }
    scope.results.make(.init(collections: []))
    guard let collection = scope.settledCollection(space.collection) else { return }
    let workspace = scope.session.workspace
    try workspace.checkFields(request.fields, of: collection, option: Self.fields.name)
    if let condition = request.condition {
      try condition.attributed { try workspace.check(condition, in: collection) }
    }
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    if isDryRun || paths.isEmpty { return .none }
    let session = scope.session
    return CallDemand(
      try await session.bench.incomingForecast(
        paths, followsLinks: follows, for: session.bench.space(space), budget: session.budget
      ) { _ in }.cost)
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let space = try attributing(to: Self.space) { try session.bench.space(self.space) }
    let events = EventCollector(session.console)
    if isDryRun {
      let forecast = try await session.bench.incomingForecast(
        paths, followsLinks: follows, for: space, budget: session.budget, events.handler)
      return CommandOutput(forecast, of: space, canonical: canonical, events)
    }
    guard !paths.isEmpty else {
      let trial = try await session.bench.suggestionTrial(request, of: space, events.handler)
      return output(trial, trial.table, since: start, events)
    }
    let found = try await session.bench.suggestions(
      request, for: paths, followsLinks: follows, from: space, budget: session.budget,
      events.handler)
    var output = output(found.trial, found.table, since: start, events)
    output.footer.insert(Wording.count(found.pictures.count, "picture"), at: 0)
    output.notes += found.notes
    output.warnings += found.warnings
    return output
  }

  private func output(
    _ trial: SuggestionTrial, _ table: Table, since start: ContinuousClock.Instant,
    _ events: EventCollector
  ) -> CommandOutput {
    let milliseconds = Clock.milliseconds(since: start)
    return CommandOutput(
      .table(table),
      provenance: Provenance(
        command: canonical,
        spaces: [.init(name: trial.space.reference, value: trial.space.spec.identity)],
        timings: [.init(step: "compare", milliseconds: milliseconds)], search: "exact"),
      footer: [
        Wording.count(trial.cases, "case"), "each asked of its \(request.count) nearest others",
        Wording.milliseconds(milliseconds),
      ], notes: trial.notes + events.notes, warnings: trial.warnings + events.warnings)
  }
}
