package import CommandLanguage
internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct QueryCommand: Command {
  /// What counts where an option is not written.
  private static let usual = Query(terms: [])

  static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  static let text = OptionKey.weighted(
    "text", .text, placeholder: "T", help: "a description of the images to find")
  static let image = OptionKey.weighted(
    "image", .path, placeholder: "F", help: "an image file to find similar images to")
  static let like = OptionKey.weighted(
    "like", .itemID, placeholder: "ID", help: "an item of the collection")
  static let notText = OptionKey.weighted(
    "not-text", .text, placeholder: "T", help: "subtract a text")
  static let notImage = OptionKey.weighted(
    "not-image", .path, placeholder: "F", help: "subtract an image")
  static let notLike = OptionKey.weighted(
    "not-like", .itemID, placeholder: "ID", help: "subtract an item")
  static let questions = OptionKey.single(
    "queries", .path, placeholder: "FILE", help: "a file of many questions ('help questions')")
  static let each = OptionKey.single(
    "each", .condition(.asking), placeholder: "EXPR",
    help: "many questions: each item that fulfils the condition asks for others like it")
  static let top = OptionKey.single(
    "top", .integer(1...10_000), placeholder: "N", help: "at most N images", default: usual.top,
    short: "k")
  static let condition = OptionKey.single(
    "where", .condition, placeholder: "EXPR", help: "condition on metadata fields")
  static let minimumScore = OptionKey.single(
    "min-score", .number(), placeholder: "X", help: "omit lower scores")
  static let columns = OptionKey.list(
    "columns", .column, placeholder: "NAME", help: "columns of the result")
  static let fusion = OptionKey.single(
    "fuse", .choice, placeholder: "HOW", help: "how several terms become one ranking",
    default: usual.fusion)
  static let similarity = OptionKey.single(
    "similarity", .choice, placeholder: "HOW",
    help: "how vectors are compared: dot and euclidean also depend on length",
    default: usual.similarity)
  static let excludesOwn = OptionKey.flag(
    "exclude-self", help: "exclude the query items and copies of the query files")
  static let diversity = OptionKey.single(
    "mmr", .number(0...1), placeholder: "L",
    help: "trade score for diversity: 1 is score alone")
  static let isExact = OptionKey.flag(
    "exact", help: "compare every row, even if there is an index")
  static let expansion = OptionKey.single(
    "ef", .integer(1...10_000), placeholder: "N", help: "candidates kept while searching the index",
    defaultNote: "as used to measure it")
  static let codes = OptionKey<Query.Codes?>.single(
    "codes", .choice, placeholder: "TYPE", help: "search short codes first; approximate")
  static let oversample = OptionKey.single(
    "oversample", .number(1...1_000), placeholder: "X",
    help: "with --codes: compare X times as many candidates in full",
    defaultNote: "4, binary 20")
  static let also = OptionKey.list(
    "also", .space, placeholder: "SPACE", help: "more spaces of the same identity")
  static let dimensions = OptionKey.list(
    "dims", .integer(1...65_536), placeholder: "N",
    help: "search at these dimensions, all in one pass")
  static let engine = OptionKey.single(
    "on", .text, placeholder: "URL", help: "ask what is published there ('help engines')")
  static let table = OptionKey.single(
    "name", .text, placeholder: "TABLE", help: "with --on: the table there",
    defaultNote: "the one there is")
  static let probes = OptionKey<Int?>.single(
    "probes", .integer(1...32_768), placeholder: "N",
    help: "with --on: lists of an inverted file that are looked through", defaultNote: "10")
  static let isDryRun = OptionKey.flag(
    "dry-run", help: "of many questions: show what would be embedded, and what it costs")

  package static let signature = CommandSignature(
    verb: "query", aliases: ["search", "find"], group: "Search",
    summary: "find the images nearest to texts, images or items",
    discussion: """
      Terms are combined as the weighted sum of their unit vectors: --text "at night"^0.7 --image \
      car.jpg^0.3. The --not- forms subtract vectors; they are not a logical not. The query is \
      embedded with the identity of the space it searches.

      --where filters before the search, so --top 20 returns twenty items that pass. The search is \
      exact, and equal scores are ordered by item id. With an index ('help index') it is \
      approximate, unless you give --exact; a line under the table says which method was used. An \
      index whose measured recall is below 'index.floor' (0.9, see 'show settings') is not used, \
      with a warning.

      Where a model brings a background of unrelated questions, as mini does, a line says when nothing stands \
      out: then no score of one --text lies far above those of the background with the same picture. \
      --columns rank,id,score,standing shows how far, in standard deviations of these.

      --fuse rrf ranks by each term separately and adds 1 / (60 + rank); joint lets the model make \
      one vector of a text and an image. 'explain' shows what each term contributed to a score.

      --queries FILE asks many questions alike and gives a run: rows query, rank, id, score, which \
      'show', 'filter', 'explain' and 'export' take like any result ('export --to q.run' writes \
      TREC's form). Each text and image is embedded once, in batches. The cost of a remote model is \
      compared with the budget before the first request; --dry-run shows it. --columns also takes \
      query.text and query.FIELD, which are of the question.

      --each EXPR gives such a run without a file: the items of the collection that fulfil the \
      condition ask by themselves, and their metadata fields are the columns of the questions. \
      Nothing is embedded. 'eval' leaves out the item that asks; --exclude-self does so in the run.

      --on URL asks an engine that the space was published in ('publish'), one question or many, with \
      scores, columns and order as here. A line under the table says whether its answer is exact.
      """,
    objects: [space],
    options: [
      text, image, like, notText, notImage, notLike, questions, each, top, condition, minimumScore,
      columns, fusion, similarity, excludesOwn, diversity, isExact, expansion, codes, oversample,
      also, dimensions, engine, table, probes, isDryRun,
    ],
    examples: [
      "query photos@base --text \"red car at night\" --top 20",
      "query photos@base --text bridge --where \"year >= 2020 and city in ('Paris', 'Rome')\"",
      "query photos@base --like 00412 --top 10 --columns rank,id,score,caption",
      "query photos@base --queries queries.csv --top 100",
      "query photos@base --each \"city = 'Rome'\" --exclude-self",
    ], producesResult: true)

  private let query: Query
  /// Who asks many questions, which bring the terms; `nil` for one question.
  private let asking: Asking?
  private let isDryRun: Bool
  private let space: SpaceReference
  private let also: [SpaceReference]
  private let columns: [String]
  /// The engine that is asked; `nil` for the search here.
  private let place: EnginePlace?
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    asking = try Asking(arguments)
    query = try asking.map { try Query(ofMany: arguments, from: $0.option) } ?? Query(arguments)
    isDryRun = try arguments[Self.isDryRun]
    also = try arguments[Self.also]
    columns = try arguments[Self.columns]
    canonical = arguments.canonical
    if arguments.given(Self.dimensions), !also.isEmpty {
      throw arguments.error(
        at: Self.also, .usage,
        "--dims compares every row of one space; --also cannot be combined with it")
    }
    if isDryRun, asking == nil {
      throw arguments.error(at: Self.isDryRun, .usage, "--dry-run goes with --queries or --each")
    }
    place = try EnginePlace(arguments, query)
    space = try arguments[Self.space]
  }

  package func foresee(in scope: inout ScriptScope) throws {
    for term in query.terms {
      guard case .image(let path) = term.content else { continue }
      try attributing(to: term.parameter) { try scope.requireFile(path) }
    }
    if case .file(let file) = asking {
      try attributing(to: Self.questions) { try scope.requireFile(file) }
    }
    scope.results.make(
      .init(
        collections: ([space] + also).map(\.collection), kind: asking == nil ? .ranking : .run))
    let workspace = scope.session.workspace
    if case .items(let condition) = asking,
      let collection = scope.settledCollection(space.collection)
    {
      try condition.attributed { try workspace.check(condition, in: collection) }
    }
    for reference in [space] + also {
      guard let collection = scope.settledCollection(reference.collection) else { continue }
      if let condition = query.condition {
        try condition.attributed { try workspace.check(condition, in: collection) }
      }
      let columns = ResultColumns(workspace: workspace, collection: collection)
      try columns.check(
        asking == nil ? self.columns : RunTable.ofItems(self.columns), ofHits: asking == nil)
    }
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    if isDryRun { return .none }
    let session = scope.session
    let spaces: [Space]
    do { spaces = try ([space] + also).map { try session.bench.space($0) } } catch let error
      as ParallaxError where asking == nil && error.code == .unknownName
    {
      // Of a space that an earlier line makes, the number is known.
      let asked = query.terms.count { if case .item = $0.content { false } else { true } }
      return CallDemand(requests: asked * (1 + also.count), micros: asked == 0 ? 0 : nil)
    }
    var query = query
    let questions: QuestionSet
    if let asking {
      questions = try await asking.questions(of: spaces[0], in: session) { _ in }
    } else {
      questions = QuestionSet([Question(id: "1", terms: query.terms)])
      query.terms = []
    }
    let forecast = try await session.bench.forecast(
      questions, query, in: spaces, budget: session.budget)
    return CallDemand(forecast.remote)
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    var query = query
    query.recallFloor = session.settings[.indexFloor]
    let first = try attributing(to: Self.space) { try session.bench.space(space) }
    let others = try also.enumerated().map { index, reference in
      try attributing(to: Self.also, index: index) { try session.bench.space(reference) }
    }
    if let asking {
      return try await run(asking, query, in: [first] + others, session)
    }
    let events = EventCollector(session.console)
    let answer =
      if let place {
        try await session.bench.answer(
          query, on: place, in: first, budget: session.budget, events.handler)
      } else {
        try await session.bench.answer(
          query, in: [first] + others, budget: session.budget, events.handler)
      }
    let table = try answer.table(columns, in: session.workspace)
    return CommandOutput(
      .table(table), content: .ranking(answer), provenance: answer.provenance(command: canonical),
      footer: Self.footer(answer, rows: table.rows.count),
      notes: events.notes + answer.remarks(onColumns: columns), warnings: events.warnings)
  }

  @MainActor private func run(
    _ asking: Asking, _ template: Query, in spaces: [Space], _ session: Session
  ) async throws -> CommandOutput {
    let events = EventCollector(session.console)
    let questions = try await asking.questions(of: spaces[0], in: session, events.handler)
    if isDryRun {
      let forecast = try await session.bench.forecast(
        questions, template, in: spaces, budget: session.budget)
      return CommandOutput(
        .table(forecast.table), provenance: Provenance(command: canonical),
        notes: events.notes + forecast.remarks, warnings: forecast.warnings)
    }
    let run =
      if let place {
        try await session.bench.run(
          questions, template, on: place, in: spaces[0], name: space.text, budget: session.budget,
          events.handler)
      } else {
        try await session.bench.run(
          questions, template, in: spaces, name: space.text, budget: session.budget, events.handler)
      }
    let table = try await RunTable(session.workspace).table(of: run, columns)
    return CommandOutput(
      .table(table), content: .run(run), provenance: run.provenance(command: canonical),
      footer: run.footer, notes: events.notes, warnings: events.warnings)
  }

  private static func footer(_ answer: Answer, rows: Int) -> [String] {
    let noun = answer.spaces.first?.spec.content.noun ?? "image"
    var parts = ["\(Wording.count(rows)) of \(Wording.count(answer.candidates, noun))"]
    if let scores = answer.scores {
      parts.append(
        "scores \(Wording.score(scores.upperBound)) to \(Wording.score(scores.lowerBound))")
    }
    let (embed, search) = (answer.embedding, answer.searching)
    parts.append(
      "\(Wording.milliseconds(embed + search)) (embed \(Wording.milliseconds(embed)), "
        + "search \(Wording.milliseconds(search)))")
    if answer.method != "exact" { parts.append(answer.method) }
    return parts
  }
}
