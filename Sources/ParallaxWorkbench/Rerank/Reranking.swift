internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem

/// A reranking of some lists, from what was asked to the scores of their heads.
struct Reranking {
  typealias Outcome = RerankScoring.Outcome

  let bench: Workbench
  let lists: RerankLists
  let request: RerankRequest
  let budget: Int?
  let handler: EventHandler

  /// What the second stage says of the heads.
  struct Scores {
    /// By list, of the first candidates.
    var heads: [[Outcome]]
    var spec: RerankerSpec
    /// Millionths of a US dollar; `nil` where no price is known.
    var money: Int?
    var milliseconds: Double
    /// Pairs whose score was kept.
    var known = 0
    /// What was read for the question, with its SHA-256.
    var inputs: [Provenance.Name] = []
  }

  /// - Throws: as ``Workbench/reranked(_:_:budget:_:)-(Answer,_,_,_)``.
  func scores() async throws -> Scores {
    switch try RerankSystem(
      request.model, instruction: request.instruction, seed: request.seed)
    {
    case .method(let method): return try await scores(by: method)
    case .model(let provider, let asked): return try await scores(by: asked, of: provider)
    }
  }

  // MARK: - Models

  /// A reranker with all that it is asked.
  struct Asked {
    var scoring: RerankScoring
    var inputs: [Provenance.Name]
    var warnings: [String]
  }

  /// - Parameter isForEstimate: whether nothing will be asked.
  func asked(
    _ asked: RerankerRequest, of provider: any Provider.Type, isForEstimate: Bool = false
  ) async throws -> Asked {
    let subject = lists.spaces.first?.reference ?? lists.collections[0].name
    let reranker = try await attributed {
      try await bench.models.reranker(
        for: asked, provider, subject: subject, budget: budget, isForEstimate: isForEstimate)
    }
    let capabilities = reranker.capabilities
    if let document = request.document, capabilities.readsImages {
      throw ParallaxError(
        .usage, "'\(request.model.name)' looks at images: it reads no text of a candidate",
        parameter: document.parameter)
    }
    let (files, items) = try await content()
    let questions = try RerankQuestions(
      lists, files: files, items: items, for: capabilities, named: request.model.name)
    let heads = lists.heads(request.depth)
    let candidates = try RerankCandidates(
      heads, in: lists.collections, document: request.document,
      readsImages: capabilities.readsImages, named: request.model.name, bench.workspace)
    let scoring = RerankScoring(
      reranker: reranker, name: request.model.name, questions: questions.inputs, heads: heads,
      candidates: candidates)
    return Asked(
      scoring: scoring,
      inputs: request.terms.isEmpty
        ? []
        : files.sorted { $0.key < $1.key }.map {
          .init(name: $0.key, value: (try? $0.value.get())?.hexadecimal ?? "unread")
        },
      warnings: questions.warnings(about: request.model.name) + reranker.warnings)
  }

  /// What questions ask by: the files of images, by path, and items.
  private func content() async throws -> (
    files: [String: Result<ContentHash, ParallaxError>], items: [ItemID: ItemRecord]
  ) {
    let files = try await QuestionInputs.files(of: lists.questions, limit: bench.imageLimit)
    var ids: Set<ItemID> = []
    for case .item(let id) in lists.questions.flatMap(\.terms).map(\.content) { ids.insert(id) }
    return (files, try bench.workspace.items(named: ids, in: lists.collections[0]))
  }

  private func scores(
    by request: RerankerRequest, of provider: any Provider.Type
  ) async throws -> Scores {
    let asked = try await asked(request, of: provider)
    let money = try asked.scoring.checkedCost(of: self.request, budget: budget, bench.ledger)
    try await asked.scoring.reranker.prepare()
    let started = ContinuousClock.now
    let heads = try await asked.scoring.outcomes { handler(.progress($0)) }
    let findings = asked.scoring.reranker.drainFindings()
    for note in asked.scoring.reranker.notes + findings.notes { handler(.note(note)) }
    let cut = try await asked.scoring.cut()
    for warning in asked.warnings + cut + findings.warnings { handler(.warning(warning)) }
    return Scores(
      heads: heads, spec: asked.scoring.reranker.spec, money: money,
      milliseconds: Clock.milliseconds(since: started),
      known: (asked.scoring.reranker as? any ScoreKeeping)?.known.count ?? 0, inputs: asked.inputs)
  }

  // MARK: - Methods

  private func scores(by method: any RerankMethod) async throws -> Scores {
    guard request.document == nil else {
      throw ParallaxError(
        .usage, "'\(request.model.name)' looks at vectors: it reads no text of a candidate",
        parameter: request.document?.parameter)
    }
    let type = Swift.type(of: method)
    let parameters = try RerankParameters(
      request.model.parameters, of: type.parameters, method: type.id)
    let (input, space, other) = try await input(parameters)
    let started = ContinuousClock.now
    let scores = try await method.scores(input) { done in
      handler(
        .progress(
          Progress("reranking", completed: done, total: input.scores.count, unit: "questions")))
    }
    guard scores.map(\.count) == input.scores.map(\.count) else {
      throw ParallaxError(.internalError, "'\(type.id)' gave other lists than it got")
    }
    for warning in method.warnings(about: input) { handler(.warning(warning)) }
    var settings = parameters.settings + ["space=\(space.spec.identity)"]
    if let other { settings.append("other=\(other.spec.identity)") }
    return Scores(
      heads: scores.map { $0.map(Self.outcome) },
      spec: RerankerSpec(
        provider: RerankSystem.methods, model: type.id, version: "1", scale: type.scale,
        settings: settings),
      money: 0, milliseconds: Clock.milliseconds(since: started))
  }

  private static func outcome(_ score: Double?) -> Outcome {
    guard let score else {
      return .failure(ParallaxError(.unsupported, "it has no vector there"))
    }
    let rounded = Float(score)
    return rounded.isFinite
      ? .success(rounded)
      : .failure(ParallaxError(.invalidValue, "its score is no finite number"))
  }

  /// The heads with the vectors of their questions and candidates.
  private func input(
    _ parameters: RerankParameters
  ) async throws -> (RerankInput, space: Space, other: Space?) {
    let name = request.model.name
    guard let space = lists.spaces.first, let template = lists.template else {
      throw ParallaxError(
        .unsupported, "'\(name)' needs vectors, and the result was made elsewhere",
        hint: "a reranker that looks at images or texts does without; 'list models' shows them")
    }
    guard lists.spaces.count == 1, template.dimensions.isEmpty else {
      let option = lists.spaces.count == 1 ? "--dims" : "--also"
      throw ParallaxError(
        .unsupported,
        "'\(name)' needs the whole vectors of one space; the result is of a query with "
          + option, hint: "leave \(option) out of the query")
    }
    let heads = lists.heads(request.depth)
    guard !heads.joined().contains(where: { $0.score == nil }) else {
      throw ParallaxError(
        .unsupported,
        "'\(name)' needs a score of every candidate, and an earlier reranking gave some "
          + "none", hint: "rerank the result of the query, or less deep")
    }
    var other: Space?
    if let reference = parameters.space {
      other = try attributing(to: "model") { try bench.space(SpaceReference(reference)) }
      guard other?.collection == space.collection else {
        throw ParallaxError(
          .unsupported, "'\(reference)' is of another collection than '\(space.reference)'",
          parameter: "model")
      }
    }
    let first = try await side(heads, in: space, template)
    let second: RerankInput.Side? =
      if let other { try await side(heads, in: other, template) } else { nil }
    return (
      RerankInput(
        space: first, other: second, scores: heads.map { $0.map { $0.score ?? 0 } }), space, other
    )
  }

  private func side(
    _ heads: [[RerankLists.Candidate]], in space: Space, _ template: Query
  ) async throws -> RerankInput.Side {
    var set = lists.set
    set.questions = lists.questions
    let asked = try await bench.asked(set, template, in: [space], budget: budget, handler)
    let loaded = asked.entries[0].loaded
    let vectors = try zip(asked.questions, asked.terms).map { question, terms in
      do {
        let query = try template.asking(question, of: asked.set)
        return try QueryRanking(
          entry: asked.entries[0], place: 0, query: query, terms: try terms.get()
        ).vector()
      } catch let error as ParallaxError { throw set.fault(error, in: question) }
    }
    return RerankInput.Side(
      matrix: loaded.matrix, questions: vectors,
      rows: heads.map { $0.map { loaded.row(of: $0.id) } },
      own: asked.own.map { Set($0.compactMap { loaded.row(of: $0) }) })
  }

  private func attributed<Value>(_ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch let error as ParallaxError {
      throw error.about("model")
    }
  }
}

extension RerankScoring {
  /// Sentences about questions of which only the beginning is read.
  func cut() async throws -> [String] {
    var counts: [Int: Int] = [:]
    for question in questions {
      if let limit = try await reranker.limit(exceededBy: question) {
        counts[limit.tokens, default: 0] += 1
      }
    }
    return counts.sorted { $0.key < $1.key }.map { tokens, count in
      let subject =
        questions.count == 1
        ? "the question was"
        : "\(Wording.count(count, "question")) \(count == 1 ? "was" : "were")"
      return TextLimit(tokens: tokens).warning(subject, of: name)
    }
  }

  /// Makes sure that all of it fits the budget.
  ///
  /// - Returns: what it will cost, in millionths of a US dollar; `nil` where no price is known.
  /// - Throws: `budget`: then nothing was asked for.
  func checkedCost(of request: RerankRequest, budget: Int?, _ ledger: Ledger) throws -> Int? {
    guard let paid = reranker as? PaidReranker else { return 0 }
    guard let total = Charge.micros(try demand().prices) else { return nil }
    let spent = try ledger.spending(provider: paid.spec.provider).micros
    if let budget, total > 0, spent + total > budget {
      throw ParallaxError(
        .budget,
        "\(request.isForGrades ? "grading" : "reranking") would cost about \(Wording.dollars(total)), and \(Wording.dollars(spent)) of the "
          + "budget of \(Wording.dollars(budget)) is spent or under way: nothing was asked for",
        hint: "'set budget' raises it, a smaller "
          + (request.isForGrades ? "--pool or --top" : "--depth")
          + " costs less; --dry-run shows what would be asked for")
    }
    return total
  }
}
