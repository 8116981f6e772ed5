package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct JudgeCommand: Command {
  private static let space = ObjectKey.byHand("RESULT|COLLECTION[@SPACE]", .space)
  private static let threshold = OptionKey.single(
    "min-score", .number(-1...1), placeholder: "X",
    help: "the threshold of 'dedupe' that the verdicts are for",
    defaultNote:
      "that of the RESULT; 0.97 for a space, \(GroupBasis.usualCopyScore) for mini's of copies")
  private static let margin = OptionKey.single(
    "margin", .number(0...2), placeholder: "X",
    help: "ask about pairs whose cosine is at most so far from it", default: 0.05)
  private static let most = OptionKey.single(
    "top", .integer(1...1_000_000), placeholder: "N", help: "at most N pairs",
    defaultNote: "all of them", short: "k")
  private static let judge = OptionKey.single(
    "by", .text, placeholder: "NAME", help: "who says so", defaultNote: "your login name")
  private static let again = OptionKey.flag(
    "again", help: "ask about pairs that were judged before, too")

  private static let usualThreshold = 0.97

  package static let signature = CommandSignature(
    verb: "judge", group: "Duplicates",
    summary: "say of near-duplicates whether they are the same picture",
    discussion: """
      Shows pairs of a space, or of that of a result of 'dedupe' or 'cluster', side by side, those nearest to the threshold first, and asks: y for duplicates, n for \
      distinct, s to skip, u to take the last answer back, q to stop, each with Enter. An answer is kept at once. \
      Pairs that were judged before are left out.

      A verdict belongs to the bytes of the two files: it outlives other names, other collections, other \
      models. 'dedupe' and 'cluster' never group what is distinct, and join duplicates whatever \
      their cosine. 'list verdicts' shows them, 'import-verdicts' reads them from a file.

      It needs a person at the prompt. Pictures are drawn where the terminal can ('help images').
      """,
    objects: [space], options: [threshold, margin, most, judge, again],
    examples: [
      "judge dups", "judge photos@base --min-score 0.95", "judge photos@base --top 50 --by anna",
    ])

  private let space: SpaceReference
  private let threshold: Double?
  private let request: PairReviewRequest
  private let judge: String?

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    threshold = try arguments[Self.threshold]
    var request = PairReviewRequest(threshold: threshold ?? Self.usualThreshold)
    request.margin = try arguments[Self.margin]
    request.most = try arguments[Self.most]
    request.asksAgain = try arguments[Self.again]
    self.request = request
    judge = try arguments[Self.judge]
  }

  package func foresee(in scope: inout ScriptScope) throws {
    _ = try Self.ask(scope.session)
  }

  /// - Throws: `needs-confirmation` where there is nobody to ask.
  @MainActor private static func ask(_ session: Session) throws -> (String) -> String? {
    if let ask = session.ask { return ask }
    throw ParallaxError(
      .needsConfirmation, "'judge' asks a person at the prompt, and there is none here",
      hint: "'import-verdicts FILE' reads verdicts from a file", parameter: .init(name: "judge"))
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let ask = try Self.ask(session)
    guard session.workspace.mode == .readWrite else {
      throw ParallaxError(
        .readOnly, "'\(session.workspace.path)' is open for reading only: verdicts cannot be kept")
    }
    let (space, request) = try attributing(to: Self.space) { try subject(in: session) }
    let events = EventCollector(session.console)
    let review = try await session.bench.review(of: space, request, events.handler)
    var loop = ReviewLoop(
      session: session, review: review, judge: judge ?? session.loginName, ask: ask)
    let stands = session.result(named: self.space.collection) == nil || self.space.space != nil
    var output = CommandOutput(
      notes: (stands ? try session.bench.notes(on: space, for: self.space) : []) + events.notes,
      warnings: events.warnings)
    if review.pairs.isEmpty {
      output.notes.append(Self.nothing(review, request))
      return output
    }
    try await loop.run(events.handler)
    output.notes += loop.summary
    return output
  }

  /// The space, and the threshold of the groups that it is named by. A result hides a collection of its name.
  @MainActor private func subject(
    in session: Session
  ) throws -> (space: Space, request: PairReviewRequest) {
    guard space.space == nil, let result = session.result(named: space.collection) else {
      let space = try session.bench.spaceForCopies(space)
      var request = request
      if threshold == nil, let usual = GroupBasis.usualScore(in: space.spec) {
        request.threshold = usual
      }
      return (space, request)
    }
    guard case .groups(let listing) = result.content else {
      throw ParallaxError(
        .unsupported, "'\(result.name)' has no groups, whose pairs could be judged",
        hint: "'dedupe' and 'cluster' give groups")
    }
    guard case .cosine(let own) = listing.found.request.basis, let space = listing.found.space
    else {
      throw ParallaxError(
        .unsupported, "'\(result.name)' was not found by cosines, by which 'judge' chooses pairs",
        hint: "name a space; 'import-verdicts' reads verdicts from a file")
    }
    var request = request
    request.threshold = threshold ?? own
    return (space, request)
  }

  private static func nothing(_ review: PairReview, _ request: PairReviewRequest) -> String {
    let range =
      "within \(Wording.number(request.margin)) of \(Wording.number(request.threshold))"
    return review.judged > 0
      ? "all \(Wording.count(review.judged, "pair")) \(range) were judged before ('--again' asks again)"
      : "no pair of '\(review.space.reference)' has a cosine \(range)"
  }
}
