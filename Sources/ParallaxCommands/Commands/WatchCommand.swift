package import CommandLanguage
internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct WatchCommand: Command {
  private enum Action: String, CaseIterable, Sendable { case add, list, show, remove }

  private enum Task: Sendable {
    case add(WatchRequest, SpaceReference?)
    case list
    case show(String, since: String?)
    case remove(String)
  }

  private static let action = ObjectKey.optional("ACTION", .choice, default: Action.list)
  private static let name = ObjectKey<String?>.optional("NAME", .name)
  private static let space = ObjectKey<SpaceReference?>.optional("COLLECTION[@SPACE]", .space)
  private static let minimumScore = OptionKey.single(
    "min-score", .number(-1...1), placeholder: "X",
    help: "add: an image matches from this cosine on")
  private static let since = OptionKey.single(
    "since", .text, placeholder: "WHEN", help: "show: only what was found from this time on")

  package static let signature = CommandSignature(
    verb: "watch", group: "Search",
    summary: "keep a question, and learn which new images answer it",
    discussion: """
      add keeps a question with its vector, the space that is searched and the least score. What matches \
      now counts as known: the number is shown, so that you can choose the score. From then on 'embed', \
      'import' and 'sync' say in one line which images match that did not before, each once, whatever \
      happens in between; without any they say nothing. An image is compared as soon as it has a vector: \
      after 'sync' that is at 'embed'.

      show lists all that matches now, best first. watch.found says when an image was found; it is empty of \
      those that matched from the beginning. --since 2026-11-26 or 2026-11-26T20:15:03Z shows what was \
      found from then on.

      A threshold belongs to the model that it was chosen with. When the space of a watch is gone, or was \
      made anew with another model, the watch is paused and says so; nothing is compared in silence. remove \
      forgets a watch with what it has found.
      """,
    objects: [action, name, space],
    options: [
      QueryCommand.text, QueryCommand.image, QueryCommand.like, QueryCommand.notText,
      QueryCommand.notImage, QueryCommand.notLike, QueryCommand.condition, minimumScore, since,
    ],
    examples: [
      "watch add kitchens photos@base --text \"wood kitchen\" --min-score 0.3",
      "watch add cheap photos@base --image car.jpg --where \"price < 9000\" --min-score 0.8",
      "watch list", "watch show kitchens --since 2026-11-26", "watch remove kitchens",
    ], producesResult: true)

  private static let takers: [(option: any ArgumentKey, actions: [Action])] = [
    (QueryCommand.text, [.add]), (QueryCommand.image, [.add]), (QueryCommand.like, [.add]),
    (QueryCommand.notText, [.add]), (QueryCommand.notImage, [.add]),
    (QueryCommand.notLike, [.add]), (QueryCommand.condition, [.add]), (minimumScore, [.add]),
    (since, [.show]),
  ]

  private let task: Task
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    canonical = arguments.canonical
    let action = try arguments[Self.action]
    try arguments.checkOptions(of: action, Self.takers)
    let (name, space) = (try arguments[Self.name], try arguments[Self.space])
    if space != nil, action != .add {
      throw arguments.error(
        at: Self.space, .unexpectedObject,
        "'watch \(action.rawValue)' takes \(action == .list ? "no name" : "one name")")
    }
    guard action != .list else {
      if name != nil {
        throw arguments.error(
          at: Self.name, .unexpectedObject, "'watch list' takes no name",
          hint: "'watch show NAME' shows one")
      }
      task = .list
      return
    }
    guard let name else {
      throw arguments.error(
        .missingObject, "'watch \(action.rawValue)' needs the name of a watch", usage: true)
    }
    switch action {
    case .add: task = .add(try Self.request(named: name, arguments), space)
    case .show: task = .show(name, since: try Self.time(arguments))
    case .remove: task = .remove(name)
    case .list: task = .list
    }
  }

  private static func request(
    named name: String, _ arguments: Arguments
  ) throws -> WatchRequest {
    let terms = try Query.terms(arguments)
    guard !terms.isEmpty else {
      throw arguments.error(
        .missingOption, "'watch add' needs something to look for: --text, --image or --like",
        usage: true)
    }
    guard let least = try arguments[minimumScore] else {
      throw arguments.error(
        .missingOption, "'watch add' needs --min-score: from which cosine on an image matches",
        hint: "no number suits all models and questions: look at the scores of 'query' first",
        usage: true)
    }
    try Query(terms: terms).check()
    var request = WatchRequest(
      name: name, terms: terms, question: terms.map(\.asTyped).joined(separator: " "),
      minimumScore: Float(least))
    request.condition = try arguments[QueryCommand.condition]
    return request
  }

  /// A date, or a time in UTC as texts are compared.
  private static func time(_ arguments: Arguments) throws -> String? {
    guard let text = try arguments[since] else { return nil }
    guard let time = CalendarDate(text)?.text else {
      throw arguments.error(
        at: since, .invalidValue,
        "'since' takes a date or a time in UTC, such as 2026-11-26 or 2026-11-26T20:15:03Z; got "
          + "'\(text)'")
    }
    return time
  }

  package func foresee(in scope: inout ScriptScope) throws {
    switch task {
    case .list: scope.results.make(.init(collections: []))
    case .show: scope.results.make(nil)
    case .remove: return
    case .add(let request, let space):
      for term in request.terms {
        guard case .image(let path) = term.content else { continue }
        try attributing(to: term.parameter) { try scope.requireFile(path) }
      }
      guard let space else { return }
      try attributing(to: Self.space) { try scope.require(space) }
      guard let condition = request.condition,
        let collection = scope.settledCollection(space.collection)
      else { return }
      try condition.attributed { try scope.session.workspace.check(condition, in: collection) }
    }
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    guard case .add(let request, let reference) = task else { return .none }
    let session = scope.session
    let forecast = try await session.bench.forecast(
      QuestionSet([Question(id: request.name, terms: request.terms)]), Query(terms: []),
      in: [itsSpace(reference, session)], budget: session.budget)
    return CallDemand(forecast.remote)
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    switch task {
    case .add(let request, let space): return try await add(request, to: space, session)
    case .list: return try list(session)
    case .show(let name, let since):
      return try await attributed { try await show(name, since: since, session) }
    case .remove(let name): return try await attributed { try remove(name, session) }
    }
  }

  @MainActor private func add(
    _ request: WatchRequest, to reference: SpaceReference?, _ session: Session
  ) async throws -> CommandOutput {
    let space = try itsSpace(reference, session)
    let events = EventCollector(session.console)
    let (watch, matches) = try await attributed {
      try await session.bench.addWatch(
        request, to: space, budget: session.budget, events.handler)
    }
    let noun = space.spec.content.noun
    return CommandOutput(
      notes: [
        "'\(watch.name)' watches '\(space.reference)': "
          + "\(Wording.count(matches, "\(noun) matches", "\(noun)s match")) from "
          + "\(Wording.number(watch.minimumScore.shown)) on now; 'embed' and 'sync' say which new ones do"
      ] + events.notes, warnings: events.warnings)
  }

  @MainActor private func list(_ session: Session) throws -> CommandOutput {
    let summaries = try session.workspace.watchSummaries()
    return CommandOutput(
      .table(try summaries.table(in: session.bench)), provenance: Provenance(command: canonical),
      footer: summaries.isEmpty ? ["no watches yet"] : [])
  }

  @MainActor private func show(
    _ name: String, since: String?, _ session: Session
  ) async throws -> CommandOutput {
    let events = EventCollector(session.console)
    let (watch, hits, found) = try await session.bench.watched(name, events.handler)
    let kept = hits.indices.filter { place in
      since.map { since in found[place].map { $0 >= since } ?? false } ?? true
    }
    let table = try ResultColumns(workspace: session.workspace, collection: watch.collection)
      .table(of: kept.map { hits[$0] }, after: [], [])
    let noun = watch.spec.content.noun
    return CommandOutput(
      .table(table.inserting(kept.map { found[$0] })),
      provenance: Provenance(
        command: canonical, spaces: [.init(name: watch.reference, value: watch.spec.identity)],
        collection: watch.collection.name, search: "exact"),
      footer: [
        since == nil
          ? Wording.count(kept.count, "\(noun) matches", "\(noun)s match")
          : "\(Wording.count(kept.count)) of \(Wording.count(hits.count, "match", "matches"))",
        "from \(Wording.number(watch.minimumScore.shown)) on", watch.question,
      ], notes: events.notes, warnings: events.warnings)
  }

  @MainActor private func remove(_ name: String, _ session: Session) throws -> CommandOutput {
    let again = try? session.workspace.watch(named: name).again
    try session.workspace.removeWatch(named: name)
    return .note(
      "removed the watch '\(name)'" + (again.map { "; to add it again: \($0)" } ?? ""))
  }

  /// The space named, or the one in use.
  @MainActor private func itsSpace(
    _ reference: SpaceReference?, _ session: Session
  ) throws -> Space {
    guard let reference = reference ?? session.current.map({ SpaceReference($0) }) else {
      throw ParallaxError(
        .missingObject, "'watch add' needs a space", hint: "name one, or choose with 'use'",
        usage: Self.signature.usage)
    }
    return try attributing(to: Self.space) { try session.bench.space(reference) }
  }

  /// Errors about a watch that is there, or is not, are about its name.
  @MainActor private func attributed<Result>(
    _ body: @MainActor () async throws -> Result
  ) async throws -> Result {
    do { return try await body() } catch let error as ParallaxError
      where [.unknownName, .alreadyExists, .modelChanged].contains(error.code)
      && error.parameter == nil
    {
      throw error.about(Self.name.parameter())
    }
  }
}
