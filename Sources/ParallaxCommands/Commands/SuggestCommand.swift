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

  package static let signature = CommandSignature(
    verb: "suggest", group: "Search",
    summary: "say how well the nearest known cases tell the values of fields",
    discussion: """
      Each item of the collection is asked for in turn: the k nearest others, without copies of its file, \
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
      absolute errors, of dates in days; usual_error that of always the median of all; inside the share of \
      values within the range. Near-copies (cosine from 0.97 on) make all of this easy: right_apart and \
      error_apart are without them.
      """,
    objects: [space],
    options: [fields, count, agreement, condition],
    examples: [
      "suggest photos@base --field defect,repair_cost --k 5",
      "suggest photos@base --field defect --where \"defect is not null\"",
    ], producesResult: true)

  private let space: SpaceReference
  private let request: SuggestRequest
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
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.results.make(.init(collections: []))
    guard let collection = scope.settledCollection(space.collection) else { return }
    let workspace = scope.session.workspace
    try workspace.checkFields(request.fields, of: collection, option: Self.fields.name)
    if let condition = request.condition {
      try condition.attributed { try workspace.check(condition, in: collection) }
    }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let space = try attributing(to: Self.space) { try session.bench.space(self.space) }
    let events = EventCollector(session.console)
    let trial = try await session.bench.suggestionTrial(request, of: space, events.handler)
    let milliseconds = Clock.milliseconds(since: start)
    return CommandOutput(
      .table(trial.table),
      provenance: Provenance(
        command: canonical, spaces: [.init(name: space.reference, value: space.spec.identity)],
        timings: [.init(step: "compare", milliseconds: milliseconds)], search: "exact"),
      footer: [
        Wording.count(trial.cases, "case"), "each asked of its \(request.count) nearest others",
        Wording.milliseconds(milliseconds),
      ], notes: trial.notes + events.notes, warnings: trial.warnings + events.warnings)
  }
}
