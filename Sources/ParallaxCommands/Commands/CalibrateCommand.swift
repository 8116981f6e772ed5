package import CommandLanguage
internal import ParallaxCore
internal import ParallaxImaging
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct CalibrateCommand: Command {
  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let falseAlarms = OptionKey.required(
    "false-alarms", .number(0.000_001...0.5), placeholder: "RATE",
    help: "the share of new distinct pictures that may be rejected, such as 0.001")
  private static let reviewAlarms = OptionKey.single(
    "review-alarms", .number(0.000_001...0.5), placeholder: "RATE",
    help: "the share of them that may be looked at or rejected",
    defaultNote: "ten times --false-alarms")
  private static let changes = OptionKey.list(
    "changes", .change, placeholder: "KIND", help: "kinds of copies to make, or single changes",
    required: false)
  private static let sample = OptionKey.single(
    "sample", .integer(1...100_000), placeholder: "N", help: "make copies of N pictures",
    default: 500)
  private static let pairs = OptionKey<String?>.single(
    "pairs", .path, placeholder: "FILE", help: "pairs that are known to be duplicates or distinct")
  private static let isDryRun = OptionKey.flag(
    "dry-run", help: "show what would be embedded, and what it costs")

  package static let signature = CommandSignature(
    verb: "calibrate", group: "Duplicates",
    summary: "find a gate's thresholds in a collection, and what they miss",
    discussion: """
      The thresholds are the lowest that keep the promise "of new pictures that are no duplicates, at most \
      RATE are rejected", with 95 % confidence. Each picture of the space (of more than 20 000, so many \
      at random) is taken for a new one: what counts is its nearest other picture, since that is what \
      'gate' compares. Copies of the same bytes are left out. Duplicates that nobody has named count as \
      distinct: the nearest pairs are named, and each that is a duplicate makes thresholds higher than they \
      need to be. With n pictures nothing below about 6/n can be promised.

      --pairs FILE names duplicates and distinct pairs ('help import-verdicts' has its columns); verdicts that are kept count, \
      too, where it says nothing. Named duplicates are no false alarms, and both kinds have a row of their own.

      What the thresholds miss is measured on copies of a sample, one for each change ('help images'), \
      embedded by the space's own model. A copy counts as missed where its cosine with its own original \
      is below the threshold. error is the share that is decided wrongly from --max-score on: distinct pictures \
      rejected, copies not rejected; review_error that from --review on: distinct pictures looked at, copies \
      that nobody looks at. low and high are intervals of 95 %; copies of one picture count as \
      dependent, and so do judged pairs that share one. No picture is in two of the random pairs.

      --also-hash finds thresholds for gates that ask for a second sign, too.

      The thresholds are kept with the collection and the identity of the space, with their curves \
      ('calibrations'), in the place of earlier ones. 'gate' uses them.

      With a remote model copies cost money: --dry-run shows how much, the budget limits it, and kept \
      replies are not paid for again, as copies of a picture are the same bytes each time. The sample depends \
      on the setting 'seed'.
      """,
    objects: [space],
    options: [
      falseAlarms, reviewAlarms, changes, sample, pairs, HashOptions.alsoHash, HashOptions.bits,
      isDryRun,
    ],
    examples: [
      "cal = calibrate photos@base --false-alarms 0.01",
      "calibrate photos@base --false-alarms 0.001 --changes crop,jpeg --sample 200 --dry-run",
    ], producesResult: true)

  private let space: SpaceReference
  private let falseAlarms: Double
  private let reviewAlarms: Double
  private let changes: [any PictureChange]
  private let sample: Int
  private let pairs: String?
  private let hashBits: Int?
  private let isDryRun: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    falseAlarms = try arguments[Self.falseAlarms]
    reviewAlarms = try arguments[Self.reviewAlarms] ?? min(0.5, 10 * falseAlarms)
    guard reviewAlarms >= falseAlarms else {
      throw arguments.error(
        at: Self.reviewAlarms, .usage,
        "--review-alarms is at least --false-alarms: what is rejected is looked at, too")
    }
    let named = Set(try arguments[Self.changes])
    changes = PictureChangeRegistry.all.filter {
      named.isEmpty || named.contains($0.id) || named.contains($0.kind)
    }
    sample = try arguments[Self.sample]
    pairs = try arguments[Self.pairs].map(PathText.expandingHome)
    hashBits = try HashOptions.bits(in: arguments)
    isDryRun = try arguments[Self.isDryRun]
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.results.make(.init(collections: []))
    if let pairs { try attributing(to: Self.pairs) { try scope.requireFile(pairs) } }
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    if isDryRun { return .none }
    let session = scope.session
    return CallDemand(
      try await session.bench.mostCalibrationCost(
        session.bench.spaceForCopies(space), request(session), budget: session.budget))
  }

  @MainActor private func request(_ session: Session) -> CalibrationRequest {
    var request = CalibrationRequest(
      falseAlarms: falseAlarms, reviewAlarms: reviewAlarms, seed: session.settings[.seed])
    request.changes = changes
    request.sample = sample
    request.hashBits = hashBits
    return request
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let space = try attributing(to: Self.space) { try session.bench.spaceForCopies(self.space) }
    let events = EventCollector(session.console)
    var (request, inputs) = (request(session), [Provenance.Name]())
    if let pairs {
      do {
        let labels = try await session.bench.labelledPairs(
          from: .file(pairs), in: space.collection, events.handler)
        (request.labels, inputs) = (labels, labels.inputs)
      } catch let error as ParallaxError {
        throw error.about(Self.pairs.parameter())
      }
    }
    if isDryRun { return try await forecast(space, request, session, events) }
    let report = try await session.bench.calibrate(
      space, request, budget: session.budget, events.handler)
    let milliseconds = Clock.milliseconds(since: start)
    return CommandOutput(
      .table(report.table),
      provenance: Provenance(
        command: canonical, spaces: [.init(name: space.reference, value: space.spec.identity)],
        inputs: inputs, timings: [.init(step: "calibrate", milliseconds: milliseconds)],
        seed: request.seed),
      footer: report.footer + [Wording.milliseconds(milliseconds)],
      notes: try session.bench.notes(on: space, for: self.space) + report.notes + events.notes,
      warnings: events.warnings)
  }

  private func forecast(
    _ space: Space, _ request: CalibrationRequest, _ session: Session, _ events: EventCollector
  ) async throws -> CommandOutput {
    let found = try await session.bench.calibrationForecast(
      space, request, budget: session.budget, events.handler)
    return CommandOutput(
      forecast: found.cost, of: space, Wording.count(found.copies, "copy", "copies"),
      missing: found.missing, canonical: canonical, seed: request.seed,
      notes: [
        "the thresholds would be \(Wording.number(found.thresholds.reject)) and, for review, "
          + "\(Wording.number(found.thresholds.review)); what they miss is measured on the copies"
      ], events)
  }
}

extension TypedValue where Value == String {
  /// A change of pictures, or a kind of such changes.
  fileprivate static var change: Self {
    Self(.choice(PictureChangeRegistry.kinds + PictureChangeRegistry.all.map { $0.id })) { $0 }
  }
}
