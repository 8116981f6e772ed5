package import CommandLanguage
internal import ParallaxCore
private import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct JudgeCommand: Command {
  private static let first = ObjectKey.byHand("RESULT|COLLECTION[@SPACE]", .system)
  private static let others = ObjectKey.repeated("SYSTEM", .system, .any)
  private static let threshold = OptionKey.single(
    "min-score", .number(-1...1), placeholder: "X",
    help: "the threshold of 'dedupe' that the verdicts are for",
    defaultNote:
      "that of the RESULT; 0.97 for a space, \(GroupBasis.usualCopyScore) for mini's of copies")
  private static let margin = OptionKey.single(
    "margin", .number(0...2), placeholder: "X",
    help: "ask about pairs whose cosine is at most so far from it", default: 0.05)
  private static let most = OptionKey.single(
    "top", .integer(1...1_000_000), placeholder: "N", help: "at most N pairs, or answers",
    defaultNote: "all of them", short: "k")
  private static let judge = OptionKey.single(
    "by", .text, placeholder: "NAME", help: "who says so",
    defaultNote: "your login name; of grades, \(Judge.usualName)")
  private static let again = OptionKey.flag(
    "again", help: "ask about those that were judged before, too")

  private static let usualThreshold = 0.97

  package static let signature = CommandSignature(
    verb: "judge", group: "Experiments",
    summary:
      "grade the answers of systems, or say of near-duplicates whether they are the same picture",
    discussion: """
      With --to NAME it pools the first answers of runs, spaces and files of runs, shows the question and one picture after \
      the other, and asks for a grade: 3 for exactly what is asked for, 2 for mostly that, 1 for related, 0 for something \
      else; s to skip, u to take the last grade back, q to stop, each with Enter. A grade is kept at once, and the same command \
      goes on where you stopped. 'eval' and 'compare' take --qrels NAME; 'judgements' shows the grades, and how far \
      several judges (--by) agree.

      Nothing tells which system found a picture, nor at which rank, nor what others said. What the systems disagree on \
      comes first: an answer weighs 1 / log2(1 + rank) with a system, 0 beyond the pool, and its disagreement is its largest \
      weight less its smallest; where that is equal, as with one system, the larger weight goes first. Each question is \
      asked for its first \(AnswerPool.round) answers by that, then each for the next; within them, and of questions, the \
      setting 'seed' decides the order.

      A result of 'judgements SET --disagreements' is settled: it shows who said what, and your grade is the last word. \
      --again asks about what was settled, too.

      --model gemini-judge has a model grade the same answers, as a judge of its own. Its grades of another \
      version, or given with other instructions, do not count as judged before. Its replies are kept and charged \
      like those of 'rerank', within 'set budget'.

      Without --to it shows pairs of a space, or of that of a result of 'dedupe' or 'cluster', side by side, those nearest to \
      the threshold first, and asks: y for duplicates, n for distinct; s, u and q as above. Pairs that were judged before are left \
      out. A verdict belongs to the bytes of the two files: it outlives other names, other collections, other \
      models. 'dedupe' and 'cluster' never group what is distinct, and join duplicates whatever \
      their cosine. 'list verdicts' shows them, 'import-verdicts' reads them from a file.

      It needs a person at the prompt; grades may also come by the standard input, an answer a line. Pictures are drawn \
      where the terminal can ('help images').
      """,
    objects: [first, others],
    options: GradingOptions.own.map { $0 as any OptionDeclaration }
      + [most, judge, again, threshold, margin],
    examples: [
      "judge q r --to grades",
      "judge photos@a photos@b --queries queries.csv --pool 10 --to grades --by anna",
      "judge q r --to grades --model gemini-judge --dry-run", "judge dups",
      "judge photos@base --min-score 0.95", "judge photos@base --top 50 --by anna",
    ])

  private let first: SystemReference
  private let threshold: Double?
  private let request: PairReviewRequest
  private let judge: String?
  /// Options that were given and say nothing of what is settled.
  private let ofPairs: [any ArgumentKey]
  /// `nil` for near-duplicates, and for what is to be settled.
  private let grading: GradingOptions?

  package init(_ arguments: Arguments) throws {
    first = try arguments[Self.first]
    let others = try arguments[Self.others]
    threshold = try arguments[Self.threshold]
    var request = PairReviewRequest(threshold: threshold ?? Self.usualThreshold)
    request.margin = try arguments[Self.margin]
    request.most = try arguments[Self.most]
    request.asksAgain = try arguments[Self.again]
    self.request = request
    judge = try arguments[Self.judge]
    let ofPairs: [any ArgumentKey] = [Self.threshold, Self.margin]
    self.ofPairs = ofPairs.filter { arguments.given($0) }
    grading = try GradingOptions(
      arguments, [first] + others, at: Self.place, by: Self.judge, most: request.most,
      asksAgain: request.asksAgain, besides: [Self.threshold, Self.margin])
    guard grading == nil, let other = others.first else { return }
    throw arguments.error(
      at: Self.others, .unexpectedObject, "'judge' takes '\(other.text)' where answers are graded",
      hint: "--to NAME says where grades are kept")
  }

  /// What names a system in errors.
  private static func place(_ index: Int) -> ParallaxError.Parameter {
    index == 0 ? first.parameter() : others.parameter(index - 1)
  }

  package func foresee(in scope: inout ScriptScope) throws {
    if let grading {
      if !grading.isDryRun, grading.model == nil { _ = try GradeAnswers(scope.session) }
      return try grading.foresee(in: &scope, at: Self.place)
    }
    if scope.session.answers == nil || !scope.results.mayHold(first.text) {
      _ = try Self.ask(scope.session)
    }
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    try await grading?.demand(in: scope) ?? .none
  }

  /// - Throws: `needs-confirmation` where there is nobody to ask.
  @MainActor private static func ask(_ session: Session) throws -> (String) -> String? {
    if let ask = session.ask { return ask }
    throw ParallaxError(
      .needsConfirmation, "'judge' asks a person at the prompt, and there is none here",
      hint: "'import-verdicts FILE' reads verdicts from a file", parameter: .init(name: "judge"))
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let events = EventCollector(session.console)
    if let grading { return try await grade(grading, in: session, events) }
    if let result = named(in: session), case .judgements(let listing) = result.content {
      return try await settle(listing, of: result, in: session, events)
    }
    let ask = try Self.ask(session)
    try Self.checkWritable(session, "verdicts")
    let (space, request) = try attributing(to: Self.first) { try subject(in: session) }
    let review = try await session.bench.review(of: space, request, events.handler)
    var loop = ReviewLoop(
      session: session, review: review, judge: judge ?? session.loginName, ask: ask)
    let notes =
      named(in: session) == nil
      ? try session.bench.notes(on: space, for: SpaceReference(first.text)) : []
    var output = CommandOutput(
      notes: notes + events.notes,
      warnings: events.warnings)
    if review.pairs.isEmpty {
      output.notes.append(Self.nothing(review, request))
      return output
    }
    try await loop.run(events.handler)
    output.notes += loop.summary
    return output
  }

  @MainActor private static func checkWritable(_ session: Session, _ what: String) throws {
    guard session.workspace.mode == .readWrite else {
      throw ParallaxError(
        .readOnly,
        "'\(session.workspace.path)' is open for reading only: \(what) cannot be kept")
    }
  }

  // MARK: - Grades

  @MainActor private func grade(
    _ grading: GradingOptions, in session: Session, _ events: EventCollector
  ) async throws -> CommandOutput {
    let answers = grading.isDryRun || grading.model != nil ? nil : try GradeAnswers(session)
    if !grading.isDryRun { try Self.checkWritable(session, "grades") }
    let judging = try await grading.judging(in: session, at: Self.place, events.handler)
    if judging.pairs.isEmpty {
      return CommandOutput(
        notes: events.notes + [judging.nothingLeft], warnings: events.warnings)
    }
    guard let answers else {
      return try await grading.output(of: judging, in: session, events)
    }
    return try await ask(judging, answers, in: session, events)
  }

  @MainActor private func settle(
    _ listing: JudgementListing, of result: NamedResult, in session: Session,
    _ events: EventCollector
  ) async throws -> CommandOutput {
    guard case .disagreements(let pairs) = listing.rows else {
      throw ParallaxError(
        .unsupported, "'\(result.name)' has the grades that count, not what judges disagree about",
        hint: "'judgements \(listing.name) --disagreements' gives what can be settled",
        parameter: Self.first.parameter())
    }
    if let key = ofPairs.first {
      throw ParallaxError(
        .usage, "--\(key.name) is for pairs of pictures, not for what is settled",
        parameter: key.parameter())
    }
    let answers = try GradeAnswers(session)
    try Self.checkWritable(session, "grades")
    let judging = try await session.bench.settling(
      pairs, in: listing.name, by: judge ?? Judge.usualName, most: request.most,
      asksAgain: request.asksAgain, events.handler)
    if judging.pairs.isEmpty {
      return CommandOutput(
        notes: events.notes + [judging.nothingToSettle(of: pairs.count)],
        warnings: events.warnings)
    }
    return try await ask(judging, answers, in: session, events)
  }

  @MainActor private func ask(
    _ judging: Judging, _ answers: GradeAnswers, in session: Session, _ events: EventCollector
  ) async throws -> CommandOutput {
    session.console.note(parts: judging.opening)
    var loop = GradeLoop(judging, in: session, answers: answers)
    // What is left out is said before anybody looks.
    for note in events.notes { session.console.note(note) }
    try session.refuse(events.warnings)
    for warning in events.warnings { session.warn(of: warning) }
    try await loop.run(events.handler)
    return CommandOutput(notes: [loop.summary])
  }

  // MARK: - Pairs

  /// The result that is named; `nil` for what is none.
  @MainActor private func named(in session: Session) -> NamedResult? {
    guard case .named(let name) = first.kind else { return nil }
    return session.result(named: name)
  }

  /// The space, and the threshold of the groups that it is named by. A result hides a collection of its name.
  @MainActor private func subject(
    in session: Session
  ) throws -> (space: Space, request: PairReviewRequest) {
    guard let result = named(in: session) else {
      let reference = SpaceReference(first.text)
      switch first.kind {
      case .named, .space: break
      case .file, .published:
        throw ParallaxError(
          .unsupported, "'\(first.text)' has answers, which can be graded",
          hint: "--to NAME says where grades are kept")
      }
      let space = try session.bench.spaceForCopies(reference)
      var request = request
      if threshold == nil, let usual = GroupBasis.usualScore(in: space.spec) {
        request.threshold = usual
      }
      return (space, request)
    }
    guard case .groups(let listing) = result.content else {
      var isRun = false
      if case .run = result.content { isRun = true }
      throw ParallaxError(
        .unsupported, "'\(result.name)' has no groups, whose pairs could be judged",
        hint: isRun
          ? "'judge \(result.name) --to NAME' grades its answers"
          : "'dedupe' and 'cluster' give groups")
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
