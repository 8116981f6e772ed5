package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct RerankCommand: Command {
  private static let usual = RerankRequest(model: RerankModel(""))

  private static let result = ObjectKey.result
  static let model = OptionKey.required(
    "model", .reranker, placeholder: "NAME[:KEY=VALUE]", help: "who looks at the hits again")
  private static let text = OptionKey.single(
    "query", .text, placeholder: "T", help: "of one answer: ask this instead of its own question")
  private static let image = OptionKey.single(
    "image", .path, placeholder: "F", help: "of one answer: ask by this image instead")
  static let depth = OptionKey.single(
    "depth", .integer(1...10_000), placeholder: "N",
    help: "reorder the first N of each list; the rest keeps its order below them",
    default: usual.depth)
  static let blend = OptionKey.single(
    "blend", .number(0...1), placeholder: "L",
    help: "score = L × second stage + (1 - L) × first stage, each from 0 to 1 within the head",
    defaultNote: "the second stage alone")
  private static let minimumScore = OptionKey.single(
    "min-score", .number(), placeholder: "X",
    help: "omit lower scores of the second stage, on its own scale, and hits without one")
  private static let minimumFirstScore = OptionKey.single(
    "min-stage1-score", .number(), placeholder: "X", help: "omit lower scores of the first stage")
  private static let top = OptionKey.single(
    "top", .integer(1...10_000), placeholder: "N", help: "at most N hits of each list",
    defaultNote: "all", short: "k")
  private static let field = OptionKey.single(
    "text-field", .column, placeholder: "FIELD",
    help: "what a reranker that reads texts reads of an item", defaultNote: "its text or caption")
  private static let document = OptionKey.single(
    "document", .text, placeholder: "TEMPLATE",
    help: "the same of several fields, such as \"{title} {colour}\"")
  private static let instruction = OptionKey.single(
    "instruction", .text, placeholder: "T", help: "what a judge is told beside the question")
  private static let columns = OptionKey.list(
    "columns", .column, placeholder: "NAME", help: "columns of the result")
  private static let isDryRun = OptionKey.flag(
    "dry-run", help: "show what would be asked for, and what it costs")

  package static let signature = CommandSignature(
    verb: "rerank", group: "Search", summary: "look again at the first hits, and reorder them",
    discussion: """
      A reranker scores a question and a candidate together, which is finer and dearer than \
      comparing two vectors; 'list models' shows those there are, 'describe model NAME' what a score \
      means and what --model NAME:key=value sets. A path names a folder with a cross-encoder in ONNX.

      Only the first --depth hits of each list are reordered, by falling score; equal scores keep \
      the order they had. A candidate that gets no score keeps its place, and the others take the \
      places that are left; a warning counts them. What lies behind the head stays below it, without \
      a score. 'stage1_rank' and 'stage1_score' say what was before; with --blend 'stage2_score' is \
      the reranker's own score.

      What is asked is the question of the result: its texts, images and items. What is subtracted, \
      and weights, mean nothing to a model that reads pairs, and a warning says that they are left \
      out. Methods that need vectors alone (\(methods)) take the question as it was searched for; where \
      they look at its answers, neighbours or hubs, an item that is the question does not count. A \
      result that was reranked may be reranked again: its order is then the first stage.

      Scores are kept in the workspace, by question, content of the candidate and reranker: a \
      second pass, another depth, and the same command after it was stopped ask only for what is \
      missing. Those that cost money are charged like embeddings ('cost'), within 'set budget'.
      """,
    objects: [result],
    options: [
      model, text, image, depth, blend, minimumScore, minimumFirstScore, top, field, document,
      instruction, columns, isDryRun,
    ],
    examples: [
      "query photos@base --text \"red car\" --top 100 | rerank --model mini-cross --top 20",
      "query photos@base --queries queries.csv --top 100 | rerank --model mmr:lambda=0.7",
      "rerank red --model mini-cross --depth 50 --blend 0.3",
    ], acceptsResult: true, producesResult: true)

  private static var methods: String {
    RerankMethodRegistry.all.map { $0.id }.joined(separator: ", ")
  }

  private let result: String?
  private let request: RerankRequest
  private let columns: [String]
  private let isDryRun: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    result = try arguments[Self.result]
    columns = try arguments[Self.columns]
    isDryRun = try arguments[Self.isDryRun]
    canonical = arguments.canonical
    var request = RerankRequest(model: try arguments[Self.model])
    request.depth = try arguments[Self.depth]
    request.blend = try arguments[Self.blend]
    request.minimumScore = try arguments[Self.minimumScore]
    request.minimumFirstScore = try arguments[Self.minimumFirstScore]
    request.top = try arguments[Self.top]
    request.instruction = try arguments[Self.instruction]
    request.terms = try Self.terms(arguments)
    request.document = try Self.document(arguments)
    self.request = request
  }

  private static func terms(_ arguments: Arguments) throws -> [Query.Term] {
    var terms: [Query.Term] = []
    if let words = try arguments[text] {
      guard !words.isBlank else {
        throw arguments.error(
          at: text, .invalidValue, "--query takes words to look for; got an empty text")
      }
      terms.append(
        Query.Term(
          .text(words), label: "text \(Quoting.quoted(words))", parameter: text.parameter()))
    }
    if let path = try arguments[image] {
      terms.append(
        Query.Term(
          .image(path: PathText.expandingHome(path)), label: "image \(Quoting.quoted(path))",
          parameter: image.parameter()))
    }
    return terms
  }

  private static func document(_ arguments: Arguments) throws -> RerankDocument? {
    let field = try arguments[field]
    guard let template = try arguments[document] else {
      return field.map { RerankDocument(field: $0, parameter: Self.field.parameter()) }
    }
    guard field == nil else {
      throw arguments.error(
        at: Self.field, .usage,
        "--document says what is read; --text-field cannot be combined with it")
    }
    return try RerankDocument(template: template, parameter: document.parameter())
  }

  package func foresee(in scope: inout ScriptScope) throws {
    _ = try RerankSystem(request.model)
    for term in request.terms {
      guard case .image(let path) = term.content else { continue }
      try attributing(to: term.parameter) { try scope.requireFile(path) }
    }
    let shape = scope.results.shape(of: result)
    scope.results.make(isDryRun ? .init(collections: []) : shape)
    guard let shape else { return }
    if shape.kind == .other || shape.kind == .groups { throw Self.noLists(result ?? "_") }
    if shape.kind == .run, let term = request.terms.first {
      throw ParallaxError(
        .usage, "a run has questions of its own: --\(term.parameter.name) is for one answer",
        parameter: term.parameter)
    }
    let workspace = scope.session.workspace
    for collection in shape.collections.compactMap(scope.settledCollection) {
      try ResultColumns(workspace: workspace, collection: collection)
        .check(
          shape.kind == .run ? RunTable.ofItems(columns) : ResultColumns.ofItems(columns),
          ofHits: shape.kind != .run)
    }
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    if isDryRun { return .none }
    let result = try scope.result(self.result, for: Self.self)
    return CallDemand(try await forecast(of: result, request(in: scope.session), scope.session))
  }

  @MainActor private func request(in session: Session) -> RerankRequest {
    var request = request
    request.seed = UInt64(session.settings[.seed])
    return request
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let result = try session.result(self.result, input, for: Self.self)
    let request = request(in: session)
    if isDryRun {
      let forecast = try await forecast(of: result, request, session)
      return CommandOutput(
        .table(forecast.table), provenance: Provenance(command: canonical),
        notes: forecast.remarks, warnings: forecast.warnings)
    }
    let events = EventCollector(session.console)
    let command = result.provenance.command + " | " + canonical
    switch result.content {
    case .ranking(let answer):
      let reranked = try await session.bench.reranked(
        answer, request, budget: session.budget, events.handler)
      let table = try reranked.table(columns, in: session.workspace)
      return CommandOutput(
        .table(table), content: .ranking(reranked),
        provenance: reranked.provenance(command: command),
        footer: Self.footer(reranked.rerankings, hits: table.rows.count),
        notes: events.notes, warnings: events.warnings)
    case .run(let run):
      let reranked = try await session.bench.reranked(
        run, request, budget: session.budget, events.handler)
      let table = try await RunTable(session.workspace).table(of: reranked, columns)
      return CommandOutput(
        .table(table), content: .run(reranked),
        provenance: reranked.provenance(command: command),
        footer: Self.footer(reranked.rerankings, hits: reranked.count),
        notes: events.notes, warnings: events.warnings)
    case .table, .evaluation, .difference, .gate, .groups, .judgements:
      throw Self.noLists(result.name)
    }
  }

  @MainActor private func forecast(
    of result: NamedResult, _ request: RerankRequest, _ session: Session
  ) async throws -> RerankForecast {
    switch result.content {
    case .ranking(let answer):
      try await session.bench.forecast(reranking: answer, request, budget: session.budget)
    case .run(let run):
      try await session.bench.forecast(reranking: run, request, budget: session.budget)
    case .table, .evaluation, .difference, .gate, .groups, .judgements:
      throw Self.noLists(result.name)
    }
  }

  private static func footer(_ records: [RerankRecord], hits: Int) -> [String] {
    guard let record = records.last else { return [] }
    var parts = [Wording.count(hits, "hit")]
    if record.questions != 1 { parts.append(Wording.count(record.questions, "question")) }
    parts.append(
      "\(Wording.count(record.pairs - record.failures)) of \(Wording.count(record.pairs, "candidate")) "
        + "scored by \(record.name)")
    if record.known > 0 { parts.append("\(Wording.count(record.known)) of them kept") }
    parts.append(
      record.blend == nil
        ? "scores are \(record.spec.scale.plural)"
        : "scores are blended, from 0 to 1; the second stage's are \(record.spec.scale.plural)")
    parts.append(Wording.milliseconds(record.milliseconds))
    if let money = record.money, money > 0 { parts.append("about \(Wording.dollars(money))") }
    return parts
  }

  private static func noLists(_ name: String) -> ParallaxError {
    ParallaxError(
      .unsupported, "'\(name)' is no list of hits that could be reordered",
      hint: "'query' gives one, or a run with --queries", parameter: result.parameter())
  }
}
