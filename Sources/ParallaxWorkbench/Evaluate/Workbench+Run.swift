internal import ParallaxCore
private import ParallaxDigest
private import ParallaxImaging
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxSearch
package import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// Answers many questions alike.
  ///
  /// A run of one question is what ``answer(_:in:budget:_:)`` gives for it, bit for bit. Each text and
  /// image is embedded once, in batches; a question of which one cannot be embedded is left unanswered,
  /// with a warning.
  ///
  /// - Parameters:
  ///   - template: what all are asked with; its terms do not matter, and of dimensions it has one at
  ///     most.
  ///   - spaces: at least one; several must have the same identity.
  ///   - name: how tables call the run.
  ///   - spares: whether each question gets as many more hits as it has items of its own, so that `top`
  ///     are left when an evaluation leaves those out.
  ///   - budget: millionths of a US dollar that may be spent in this workspace; `nil` for no limit.
  /// - Throws: as ``answer(_:in:budget:_:)``, about the parameter `queries` where a question is at
  ///   fault, with its file and line; `budget` before anything is asked for; the first question's
  ///   error when none can be asked; `cancelled`.
  @concurrent package func run(
    _ questions: QuestionSet, _ template: Query, in spaces: [Space], name: String,
    spares: Bool = false, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> SystemRun {
    let (space, queries) = try checked(questions, template, spaces)
    let contents = try contents(ofItemsAskedBy: questions, in: space.collection)
    async let opened: Void = prepare(
      for: questions.questions.flatMap(\.terms), space, budget: budget)
    var entries: [SearchableSpace] = []
    for space in spaces {
      entries.append(try await self.spaces.loading(space, progress: { handler(.progress($0)) }))
    }

    let started = ContinuousClock.now
    await opened
    let files = try await QuestionInputs.files(
      of: questions.questions, limit: models.providers.decoder.limits.fileBytes)
    let embedding = try await QuestionEmbedding(
      QuestionInputs(questions.questions, as: queries, files: files), bench: self, space: space,
      budget: budget)
    let money = try embedding.checkedCost()
    let vectors = try await embedding.vectors { handler(.progress($0)) }
    let cut = try await embedding.cut()
    let terms = embedding.terms(of: queries, vectors, entries[0].loaded)
    let embedded = Clock.milliseconds(since: started)

    let searched = ContinuousClock.now
    let hashes = files.compactMapValues { try? $0.get() }
    let owners = try spaces.map {
      try OwnItems(
        of: questions.questions, files: hashes, contents: contents, in: $0.collection, workspace)
    }
    let own = questions.questions.map { question in
      owners.reduce(into: Set<ItemID>()) { $0.formUnion($1.own(question)) }
    }
    let prepared = questions.questions.indices.map {
      RunJob.Prepared(query: queries[$0], terms: terms[$0], own: own[$0])
    }
    let searches = try entries.enumerated().map { try search($1, at: $0, template) }
    let job = RunJob(
      questions: questions.questions, prepared: prepared, searches: searches, owners: owners,
      spares: spares)
    let outcome = try await job.run { handler(.progress($0)) }
    if outcome.lists.isEmpty, let first = questions.questions.first,
      let error = outcome.failures[first.id]
    {
      throw questions.fault(error, in: first)
    }

    var run = SystemRun(name: name, lists: outcome.lists, questions: questions)
    run.template = template
    run.template?.terms = []
    run.unanswered = outcome.failures.mapValues(\.message)
    run.spaces = spaces
    run.collection = Set(spaces.map(\.collection)).count == 1 ? space.collection : nil
    run.candidates = job.searches.reduce(0) { $0 + $1.candidates }
    run.method = outcome.method
    for (question, own) in zip(questions.questions, own) where !own.isEmpty {
      run.own[question.id] = own
    }
    run.inputs = questions.inputs + Self.imageInputs(of: questions, hashes)
    run.costs = costs(of: template, entries)
    run.costs.money = money
    run.costs.embedding = embedded
    run.costs.searching = Clock.milliseconds(since: searched)
    say(
      template, entries, cut + Self.warnings(about: outcome.failures, of: questions),
      job.searches.map(\.floorWarning), handler)
    if !run.isOrderedByScore {
      handler(
        .note(
          "the order of the hits is not that of their scores: 'eval' and the TREC form take "
            + "1 / rank as the score"))
    }
    return run
  }

  /// Everything that needs no vector.
  ///
  /// - Returns: the first space, and each question as a query.
  func checked(
    _ questions: QuestionSet, _ template: Query, _ spaces: [Space]
  ) throws -> (Space, [Query]) {
    try template.checkOptions()
    guard let space = spaces.first, !questions.questions.isEmpty else {
      throw ParallaxError(.internalError, "a run needs questions and a space")
    }
    try Self.checkAlike(spaces)
    guard template.dimensions.count <= 1 else {
      throw ParallaxError(
        .usage, "--queries takes one dimension; got \(template.dimensions.count)",
        hint: "'compare --dims' compares several", parameter: "dims")
    }
    guard template.dimensions.isEmpty || spaces.count == 1 else {
      throw ParallaxError(
        .usage, "--dims compares every row of one space; --also cannot be combined with it",
        parameter: "also")
    }
    return (space, try questions.questions.map { try template.asking($0, of: questions) })
  }

  /// The contents of the items that questions ask by.
  ///
  /// - Throws: `unknown-name` with file and line for an item that is not there.
  func contents(
    ofItemsAskedBy set: QuestionSet, in collection: ItemCollection
  ) throws -> [ItemID: ContentHash] {
    var asked: [(id: ItemID, question: Question)] = []
    for question in set.questions {
      for case .item(let id) in question.terms.map(\.content) { asked.append((id, question)) }
    }
    if asked.isEmpty { return [:] }
    let known = try workspace.items(named: asked.map(\.id), in: collection)
    if let missing = asked.first(where: { known[$0.id] == nil }) {
      let names = try workspace.items(in: collection).prefix(20_000).map(\.id.rawValue)
      throw set.fault(
        ParallaxError(
          .unknownName, "no item '\(missing.id)' in '\(collection.name)'",
          hint: Suggestion.hint(for: missing.id.rawValue, among: names)
            ?? "the column 'like' holds ids of items"),
        in: missing.question)
    }
    return known.mapValues(\.hash)
  }

  private func search(
    _ entry: SearchableSpace, at place: Int, _ template: Query
  ) throws -> RunSearch {
    let allowed = try template.condition.map { condition in
      try condition.attributed { try workspace.rowSet(in: entry.loaded, matching: condition) }
    }
    return try RunSearch(
      spaces: spaces, entry: entry, place: place, template: template, allowed: allowed)
  }

  private func costs(of template: Query, _ entries: [SearchableSpace]) -> SystemRun.Costs {
    var costs = SystemRun.Costs()
    let spec = entries[0].loaded.space.spec
    let dimension = template.dimensions.first ?? spec.dimension
    costs.dimension = dimension
    costs.bytesPerVector = dimension * MemoryLayout<Float>.size
    costs.indexBytes = entries.reduce(0) { sum, entry in
      let search = SpaceSearch(spaces: spaces, entry: entry, query: template)
      return sum + search.indexBytes(isFiltered: template.condition != nil)
    }
    return costs
  }

  /// The images asked by as one: the SHA-256 of theirs, in the order of the questions.
  private static func imageInputs(
    of set: QuestionSet, _ hashes: [String: ContentHash]
  ) -> [Provenance.Name] {
    var known: Set<String> = []
    let paths = set.questions.flatMap(\.terms).compactMap { term -> String? in
      guard case .image(let path) = term.content, known.insert(path).inserted else { return nil }
      return path
    }
    if paths.isEmpty { return [] }
    let digests = paths.map { hashes[$0]?.hexadecimal ?? "unread" }
    return [
      .init(
        name: "\(Wording.count(paths.count, "image")) asked by",
        value: Digest.sha256(digests.joined(separator: "\n")).hexadecimal)
    ]
  }

  /// Sentences about questions that could not be asked.
  private static func warnings(
    about failures: [String: ParallaxError], of set: QuestionSet
  ) -> [String] {
    let most = 5
    let failed = set.questions.filter { failures[$0.id] != nil }
    let named = failed.prefix(most).map { question in
      let place = question.line == nil ? "" : " (\(set.place(of: question)))"
      let reason = failures[question.id]?.message ?? ""
      return "question '\(question.id)'\(place) has no answer: \(reason)"
    }
    let rest = failed.count - named.count
    if rest <= 0 { return named }
    return named + ["\(Wording.count(rest, "more question has", "more questions have")) no answer"]
  }
}
