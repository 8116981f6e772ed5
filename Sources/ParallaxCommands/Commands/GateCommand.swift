package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct GateCommand: Command {
  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let paths = ObjectKey.repeated("PATH", .path)
  private static let reject = OptionKey.single(
    "max-score", .number(-1...1), placeholder: "X",
    help: "reject a picture with a match from this cosine on", defaultNote: "as calibrated")
  private static let review = OptionKey.single(
    "review", .number(-1...1), placeholder: "X",
    help: "have a picture looked at with a match from this cosine on",
    defaultNote: "as calibrated, else as --max-score")
  private static let matches = OptionKey.single(
    "k", .integer(1...20), placeholder: "N", help: "nearest matches shown of each picture",
    default: 3)
  private static let follows = OptionKey.flag(
    "follow", help: "follow links to folders outside PATH")
  private static let fails = OptionKey.flag(
    "fail", help: "exit with code 3 when a picture is rejected or unreadable")
  private static let failsOnReview = OptionKey.flag(
    "fail-review", help: "the same, also when one is to be looked at")
  private static let page = OptionKey.single(
    "to", .path, placeholder: "F.html",
    help: "write a page that shows each picture beside its matches", short: "o")
  private static let replaces = OptionKey.flag("replace", help: "overwrite F.html")
  private static let isDryRun = OptionKey.flag(
    "dry-run", help: "show what would be embedded, and what it costs")

  package static let signature = CommandSignature(
    verb: "gate", group: "Duplicates",
    summary: "decide which incoming pictures are near-duplicates of what is there",
    discussion: """
      PATH is a folder, with its subfolders, a picture, or a pattern such as "new/*.jpg". Each picture \
      gets a row with its decision: pass, review (a match from --review on), reject (from --max-score \
      on), or unreadable, which never passes. Nothing is added to the collection.

      Without --max-score the thresholds are those that 'calibrate' found for the identity of the space. \
      Those of another identity are refused: scores of two models do not compare.

      Every picture is compared with all of the space, exactly, and with the pictures before it in the \
      order of paths. match is the nearest one, a path where it is incoming itself; --k 5 shows more \
      (match_2, score_2, …). A file with the same bytes is rejected whatever its vector (copy is true).

      Pictures are embedded with the space's own model; contents that the workspace has vectors of, and \
      kept replies, cost nothing. The cost of a remote model is compared with the budget before \
      the first request; --dry-run shows it.

      --also-hash asks for a second sign: a match counts only where the perceptual hashes of both pictures (64 bits) are \
      near, too. That spares pictures of similar things, and misses crops, rotations and mirror images. hash shows the \
      bits that differ. It has thresholds of its own ('calibrate --also-hash').

      --to gate.html writes a page that shows each picture beside its matches; 'report' does so later. \
      Without --fail the decisions are in the table alone, and the exit code is 0.
      """,
    objects: [space, paths],
    options: [
      reject, review, HashOptions.alsoHash, HashOptions.bits, matches, follows, fails,
      failsOnReview, page, replaces, isDryRun,
    ],
    examples: [
      "g = gate photos@base ./incoming --max-score 0.95 --review 0.9",
      "gate photos@base ./incoming --fail",
    ], producesResult: true)

  private let space: SpaceReference
  private let paths: [String]
  private let reject: Double?
  private let review: Double?
  private let hashBits: Int?
  private let matches: Int
  private let follows: Bool
  private let fails: Bool
  private let failsOnReview: Bool
  private let page: ReportFile?
  private let isDryRun: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    reject = try arguments[Self.reject]
    review = try arguments[Self.review]
    if let reject, let review, review > reject {
      throw arguments.error(
        at: Self.review, .usage,
        "--review is at most --max-score, from which on a picture is rejected: \(review) is above "
          + "\(reject)")
    }
    paths = try arguments[Self.paths]
    hashBits = try HashOptions.bits(in: arguments)
    matches = try arguments[Self.matches]
    follows = try arguments[Self.follows]
    failsOnReview = try arguments[Self.failsOnReview]
    fails = try arguments[Self.fails]
    isDryRun = try arguments[Self.isDryRun]
    let replaces = try arguments[Self.replaces]
    page = try arguments[Self.page].map {
      ReportFile(path: PathText.expandingHome($0), replaces: replaces)
    }
    if let page { try ReportFile.check(page.path, for: arguments, at: Self.page) }
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    for (index, path) in paths.enumerated() {
      try attributing(to: Self.paths, index: index) {
        try scope.requireFile(IngestOptions.fileOrFolder(of: path))
      }
    }
    if let page { scope.write(page.path) }
    scope.results.make(.init(collections: []))
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    if isDryRun { return .none }
    let session = scope.session
    return CallDemand(
      try await session.bench.incomingForecast(
        paths, followsLinks: follows, for: session.bench.spaceForCopies(space),
        budget: session.budget
      ) { _ in }.cost)
  }

  private func request(with thresholds: GateThresholds) -> GateRequest {
    var request = GateRequest(paths, thresholds: thresholds)
    request.hashBits = hashBits
    request.matches = matches
    request.followsLinks = follows
    return request
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let space = try attributing(to: Self.space) { try session.bench.spaceForCopies(self.space) }
    let events = EventCollector(session.console)
    let basis = try session.bench.thresholds(
      on: space, bits: hashBits, reject: reject, review: review)
    let request = request(with: basis.thresholds)
    if isDryRun {
      let forecast = try await session.bench.incomingForecast(
        paths, followsLinks: follows, for: space, budget: session.budget, events.handler)
      return CommandOutput(forecast, of: space, canonical: canonical, events)
    }
    let found = try await session.bench.gate(
      request, on: space, budget: session.budget, events.handler)
    var output = CommandOutput(
      .table(found.table), content: .gate(found),
      provenance: Provenance(
        command: canonical, spaces: [.init(name: space.reference, value: space.spec.identity)],
        timings: [.init(step: "gate", milliseconds: Clock.milliseconds(since: start))]),
      footer: found.footer + [Wording.milliseconds(Clock.milliseconds(since: start))],
      notes: try session.bench.notes(on: space, for: self.space) + basis.notes + events.notes,
      warnings: basis.warnings + events.warnings + found.coverage)
    try await write(&output, session)
    output.failure = fails || failsOnReview ? found.failure(withReview: failsOnReview) : nil
    return output
  }

  /// Writes the page, where one is wanted.
  @MainActor private func write(
    _ output: inout CommandOutput, _ session: Session
  ) async throws {
    guard var page, let table = output.table, let provenance = output.provenance else { return }
    try session.refuseToWrite(output.warnings)
    let result = NamedResult(
      name: "_", table: table, provenance: provenance, content: output.content,
      remarks: .init(footer: output.footer, notes: output.notes, warnings: output.warnings))
    page.title = "Gate of '\(space.text)'"
    page.limits.areSetElsewhere = true
    // Each with all its matches: there is no option to ask for more.
    page.limits.pictures = max(
      page.limits.pictures, ReportBuilder.picturesOfGate * (1 + matches))
    let (notes, warnings) = try await page.write([result], in: session)
    output.notes += notes
    output.warnings += warnings
  }
}
