package import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct ExplainCommand: Command {
  private static let result = ObjectKey.result
  private static let which = ObjectKey<String?>.optional("RANK|ID|QUERY", .text)
  private static let system = ObjectKey<String?>.optional("SYSTEM", .text)
  private static let top = OptionKey.single(
    "top", .integer(1...10_000), placeholder: "N",
    help: "of 'eval', 'compare' and 'diff': how deep lists are looked at", default: 10, short: "k")

  package static let signature = CommandSignature(
    verb: "explain", group: "Search",
    summary: "show what made a score, or what differs between two lists",
    discussion: """
      A score is the sum of its terms: each contributes its weight times its cosine with the \
      image, divided by the length of the weighted sum. Without a rank or the id of an item, every row \
      is shown. Of a run ('query --queries'), name the question that is explained. Of a result of \
      'rerank', both stages are shown: the terms of the first, with the rank it gave, and the score \
      of the second. Of 'rerank --model geometric', also what the two pictures share, in a column \
      'value': how many features match, how many of them agree with one transform (the inliers, \
      which are the score), and that transform, from the question's picture to the candidate's in \
      pixels of the files: rotation (positive is clockwise), scale, stretch, translation, matrix.

      Of a result of 'compare', the lists of the baseline and of the second system, or of SYSTEM, \
      are shown side by side for one question: what entered the first 10, what left them and what \
      moved, with ranks, scores and grades. Of 'eval', the list with its grades. Of 'diff' of two \
      spaces, 'kept' is the share of its own 10 neighbours that an item keeps: it tells whether the \
      items have moved, or the question.

      Of 'dedupe' and 'cluster', 'explain dups group 3' shows what holds a group together (so does the id of one \
      of its images): of each image the nearest and the farthest of the others, the group in which each linkage \
      would put it, and its size; under the table the least similar pair that links, the least similar two, and \
      pairs without which the group would fall apart. 'explain dups' shows what the groups would be at stricter \
      thresholds, from the pairs that were found.
      """,
    objects: [result, which, system], options: [top],
    examples: [
      "explain red 3", "explain red", "explain q q17", "explain cmp q17 photos@v2",
      "explain dups group 3",
    ],
    acceptsResult: true, producesResult: true)

  private let result: String?
  /// A rank, or the id of a question.
  private let which: String?
  private let system: String?
  private let top: Int
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    result = try arguments[Self.result]
    which = try arguments[Self.which]
    system = try arguments[Self.system]
    top = try arguments[Self.top]
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    let shape = scope.results.shape(of: result)
    scope.results.make(shape.map { .init(collections: $0.collections) })
    guard shape?.kind == .ranking, let which, let rank = Int(which), rank < 1 else { return }
    throw ParallaxError(
      .invalidValue, "'explain' takes a rank, a whole number of at least 1; got '\(which)'",
      parameter: Self.which.parameter())
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let result = try session.result(self.result, input, for: Self.self)
    if case .evaluation(let evaluation) = result.content {
      return try output(of: evaluation, named: result.name)
    }
    if case .groups(let listing) = result.content {
      return try await output(of: listing, session)
    }
    if case .difference(let difference) = result.content, system == nil {
      return try await output(of: difference, named: result.name, session)
    }
    if let system {
      throw ParallaxError(
        .usage, "a system goes with a result of 'eval' or 'compare'; got '\(system)'",
        parameter: Self.system.parameter())
    }
    let events = EventCollector(session.console)
    let details = try await details(of: result, session, events.handler)
    let table: Table =
      switch result.content {
      case .run(let run): try await explained(run, details, session, events.handler)
      case .ranking(let answer): try explained(answer, details, named: result.name)
      case .table, .evaluation, .difference, .gate, .groups, .judgements:
        throw Self.noSums(result.name)
      }
    return CommandOutput(
      .table(table),
      provenance: Provenance(
        command: canonical, collection: result.provenance.collection),
      notes: events.notes, warnings: events.warnings)
  }

  // MARK: - Lists side by side

  private func output(of evaluation: Evaluation, named name: String) throws -> CommandOutput {
    guard let which else {
      throw ParallaxError(
        .missingObject, "'explain' of '\(name)' needs the id of a question",
        hint: "'\(evaluation.comparison == nil ? "eval" : "compare") … --per-query' lists them")
    }
    let names = evaluation.systems.map(\.name)
    var second = evaluation.comparison == nil ? 0 : 1
    if let system {
      guard let place = names.firstIndex(of: system) else {
        throw ParallaxError(
          .unknownName, "'\(name)' has no system '\(system)'",
          hint: Suggestion.hint(for: system, among: names)
            ?? "it has \(names.joined(separator: ", "))", parameter: Self.system.parameter())
      }
      second = place
    }
    // Values alone are explained for each system by itself.
    let first = evaluation.comparison == nil ? second : 0
    let lists = try attributing(to: Self.which) {
      try evaluation.sideBySide(which, (first, second), depth: top)
    }
    let places = first == second ? [first] : [first, second]
    let shown = places.map { names[$0] }
    let kinds = places.map { evaluation.systems[$0].run.rerankings.scoreKind }
    return CommandOutput(
      .table(lists.table(shown, kinds)), provenance: Provenance(command: canonical),
      notes: lists.remarks(shown))
  }

  @MainActor private func output(
    of difference: SystemDifference, named name: String, _ session: Session
  ) async throws -> CommandOutput {
    guard let which else {
      throw ParallaxError(
        .missingObject, "'explain' of '\(name)' needs the id of a question",
        hint: "'diff … --changed' lists those that differ most")
    }
    var lists = try attributing(to: Self.which) {
      try difference.sideBySide(which, depth: top)
    }
    lists.neighboursKept = try await session.bench.neighboursKept(
      of: lists.entries.map(\.id), in: difference, EventCollector(session.console).handler)
    let systems = [difference.first, difference.second]
    let names = systems.map(\.name)
    return CommandOutput(
      .table(lists.table(names, systems.map(\.rerankings.scoreKind))),
      provenance: Provenance(command: canonical),
      notes: lists.remarks(names))
  }

  // MARK: - Groups

  @MainActor private func output(
    of listing: GroupListing, _ session: Session
  ) async throws -> CommandOutput {
    let events = EventCollector(session.console)
    guard let which else {
      let points = try await session.bench.curve(of: listing.found, events.handler)
      return CommandOutput(
        .table(listing.curveTable(points)), provenance: Provenance(command: canonical),
        notes: events.notes + ["'explain … group N' explains a group"], warnings: events.warnings)
    }
    let number = try listing.group(
      named: [which, system].compactMap(\.self),
      [Self.which.parameter(), Self.system.parameter()])
    let explanation = try await session.bench.explanation(
      of: number, in: listing.found, events.handler)
    let request = listing.found.request
    return CommandOutput(
      .table(explanation.table(of: request)),
      provenance: Provenance(
        command: canonical, collection: listing.found.collection.name),
      notes: events.notes + explanation.remarks(of: request), warnings: events.warnings)
  }

  // MARK: - Sums

  /// What the last reranker says of pairs beyond their scores, by rank; `nil` where it says no more.
  @MainActor private func details(
    of result: NamedResult, _ session: Session, _ handler: @escaping EventHandler
  ) async throws -> StageTable.Details? {
    let found: [PairDetails]?
    switch result.content {
    case .ranking(let answer):
      let ranks = try which.map { which in
        Set([answer.hits[try Self.place(of: which, among: answer.hits)].rank])
      }
      found = try await session.bench.pairDetails(of: answer, ranks: ranks, handler)
    case .run(let run):
      guard let which else { return nil }
      found = try await session.bench.pairDetails(of: run, question: which, handler)
    case .table, .evaluation, .difference, .gate, .groups, .judgements: return nil
    }
    return found.map { found in
      StageTable.Details(
        found.map { ($0.rank, $0.details) }, uniquingKeysWith: { first, _ in first })
    }
  }

  private func explained(
    _ answer: Answer, _ details: StageTable.Details?, named name: String
  ) throws -> Table {
    let contributions = answer.rankings.count == 1 ? answer.rankings[0].contributions : nil
    guard contributions != nil || !answer.rerankings.isEmpty else { throw Self.noSums(name) }
    let hits = answer.hits
    let places = try which.map { [try Self.place(of: $0, among: hits)] } ?? Array(hits.indices)
    let stages = StageTable(
      rerankings: answer.rerankings, contributions: contributions, details: details)
    return Table(
      columns: stages.columns,
      rows: places.flatMap { place in
        stages.rows(
          of: .init(rank: hits[place].rank, id: hits[place].id, stage: hits[place].stage),
          contributions?.rows[place])
      })
  }

  @MainActor private func explained(
    _ run: SystemRun, _ details: StageTable.Details?, _ session: Session,
    _ handler: @escaping EventHandler
  ) async throws -> Table {
    guard let which else {
      throw ParallaxError(
        .missingObject, "'explain' of a run needs the id of a question",
        hint: run.lists.first.map { "such as 'explain \(result ?? "_") \($0.question)'" })
    }
    do {
      // Of a list that was reranked twice, or whose scores are no sums, the stages alone are known.
      let isPlain = run.rerankings.count < 2 && run.hasSums
      if !run.rerankings.isEmpty, !isPlain,
        let list = run.lists.first(where: { $0.question == which })
      {
        return Self.table(of: run, Array(list.hits), nil, details)
      }
      let (hits, contributions) = try await session.bench.contributions(
        to: which, in: run, budget: session.budget, handler)
      return Self.table(of: run, hits, contributions, details)
    } catch let error as ParallaxError where error.code == .unknownName {
      throw error.about(Self.which.parameter())
    }
  }

  private static func table(
    of run: SystemRun, _ hits: [SystemRun.Hit], _ contributions: Contributions?,
    _ details: StageTable.Details?
  ) -> Table {
    let stages = StageTable(
      rerankings: run.rerankings, contributions: contributions, details: details)
    return Table(
      columns: stages.columns,
      rows: hits.enumerated().flatMap { place, hit in
        stages.rows(
          of: .init(rank: hit.rank, id: hit.id, stage: hit.stage), contributions?.rows[place])
      })
  }

  private static func noSums(_ name: String) -> ParallaxError {
    ParallaxError(
      .unsupported, "'\(name)' has no scores that are sums of terms",
      hint: "'query' gives some, by cosine and without --fuse rrf")
  }

  private static func place(of rank: String, among hits: [Answer.Hit]) throws -> Int {
    if let number = Int(rank), let place = hits.firstIndex(where: { $0.rank == number }) {
      return place
    }
    if let place = hits.firstIndex(where: { $0.id.rawValue == rank }) { return place }
    let ranks = hits.map(\.rank)
    let rule = ranks.max().map { "from \(ranks.min() ?? 1) to \($0)" } ?? "of no row"
    throw ParallaxError(
      .invalidValue,
      "a rank of this result is \(rule); got '\(rank)', which is no item of it either",
      parameter: Self.which.parameter())
  }
}
