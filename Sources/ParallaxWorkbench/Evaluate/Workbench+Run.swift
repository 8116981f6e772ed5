internal import ParallaxCore
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
  ///   - items: those that may be answered; `nil` for all.
  ///   - spares: whether each question gets as many more hits as it has items of its own, so that `top`
  ///     are left when an evaluation leaves those out.
  ///   - budget: millionths of a US dollar that may be spent in this workspace; `nil` for no limit.
  /// - Throws: as ``answer(_:in:budget:_:)``, about the parameter `queries` where a question is at
  ///   fault, with its file and line; `budget` before anything is asked for; the first question's
  ///   error when none can be asked; `cancelled`.
  @concurrent package func run(
    _ questions: QuestionSet, _ template: Query, in spaces: [Space], name: String,
    among items: Set<ItemRecord.RowID>? = nil, spares: Bool = false, budget: Int?,
    _ handler: @escaping EventHandler
  ) async throws -> SystemRun {
    let asked = try await asked(questions, template, in: spaces, budget: budget, handler)
    return try await run(asked, template, name: name, among: items, spares: spares, handler)
  }

  /// Searches for questions whose vectors are there.
  func run(
    _ asked: AskedQuestions, _ template: Query, name: String,
    among items: Set<ItemRecord.RowID>? = nil, spares: Bool, _ handler: @escaping EventHandler
  ) async throws -> SystemRun {
    let searched = ContinuousClock.now
    let job = RunJob(
      asked: asked, queries: try asked.questions.map { try template.asking($0, of: asked.set) },
      searches: try asked.entries.enumerated().map {
        try search($1, at: $0, template, among: items)
      },
      spares: spares)
    let outcome = try await job.run { handler(.progress($0)) }[0]
    var run = try system(outcome, of: asked, template, name: name)
    run.candidates = job.searches.reduce(0) { $0 + $1.candidates }
    run.costs.searching = Clock.milliseconds(since: searched)
    say(
      template, asked.entries, asked.warnings + Self.warnings(about: outcome, of: asked.set),
      job.searches.map(\.floorWarning), handler)
    if !run.isOrderedByScore {
      handler(
        .note(
          "the order of the hits is not that of their scores: 'eval' and the TREC form take "
            + "1 / rank as the score"))
    }
    return run
  }

  /// What was found as a run, with all that is known of the questions.
  ///
  /// - Throws: the first question's error when none has an answer.
  func system(
    _ outcome: RunJob.Outcome, of asked: AskedQuestions, _ template: Query, name: String
  ) throws -> SystemRun {
    let set = asked.set
    if outcome.answers.isEmpty, let first = set.questions.first, let error = outcome.failures[0] {
      throw set.fault(error, in: first)
    }
    var run = SystemRun(name: name, lists: asked.lists(of: outcome), questions: set)
    run.template = template
    run.template?.terms = []
    for (place, error) in outcome.failures {
      run.unanswered[set.questions[place].id] = error.message
    }
    run.spaces = asked.spaces
    let collections = Set(asked.spaces.map(\.collection))
    run.collection = collections.count == 1 ? collections.first : nil
    run.method = outcome.method
    for (question, own) in zip(set.questions, asked.own) where !own.isEmpty {
      run.own[question.id] = own
    }
    run.inputs = asked.inputs
    run.costs = costs(of: template, asked.entries)
    run.costs.money = asked.money
    run.costs.embedding = asked.embedding
    return run
  }

  /// - Throws: `invalid-value` naming `dims`; `unknown-field`, `type-mismatch` naming `where`.
  func search(
    _ entry: SearchableSpace, at place: Int, _ template: Query,
    among items: Set<ItemRecord.RowID>? = nil
  ) throws -> RunSearch {
    try RunSearch(
      spaces: spaces, entry: entry, place: place, template: template,
      allowed: try allowed(template, entry, among: items))
  }

  /// The rows that the condition lets through, of some items or of all; `nil` for all.
  func allowed(
    _ template: Query, _ entry: SearchableSpace, among items: Set<ItemRecord.RowID>? = nil
  ) throws -> RowSet? {
    let matching = try template.condition.map { condition in
      try condition.attributed { try workspace.rowSet(in: entry.loaded, matching: condition) }
    }
    guard let items else { return matching }
    let keys = entry.loaded.items
    return RowSet(
      capacity: keys.count,
      rows: keys.indices.filter { items.contains(keys[$0]) && matching?.contains($0) ?? true })
  }

  private func costs(of template: Query, _ entries: [SearchableSpace]) -> SystemRun.Costs {
    var costs = SystemRun.Costs()
    let dimension = template.dimensions.first ?? entries[0].loaded.space.spec.dimension
    costs.dimension = dimension
    costs.bytesPerVector = dimension * MemoryLayout<Float>.size
    costs.indexBytes = entries.reduce(0) { sum, entry in
      let search = SpaceSearch(spaces: spaces, entry: entry, query: template)
      return sum + search.indexBytes(isFiltered: template.condition != nil)
    }
    return costs
  }

  /// Sentences about questions that could not be asked.
  static func warnings(about outcome: RunJob.Outcome, of set: QuestionSet) -> [String] {
    let most = 5
    let failed = outcome.failures.sorted { $0.key < $1.key }
    let named = failed.prefix(most).map { place, error in
      let question = set.questions[place]
      let line = question.line == nil ? "" : " (\(set.place(of: question)))"
      return "question '\(question.id)'\(line) has no answer: \(error.message)"
    }
    let rest = failed.count - named.count
    if rest <= 0 { return named }
    return named + ["\(Wording.count(rest, "more question has", "more questions have")) no answer"]
  }
}
