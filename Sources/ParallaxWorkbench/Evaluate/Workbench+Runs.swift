internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxSearch
package import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// Asks the systems of a variation the same questions, and hands over the run of each, one at a time.
  ///
  /// The questions are embedded once for all systems that leave their vectors as they are. Dimensions are
  /// searched in one pass over the vectors; what each takes alone is measured on some of the questions.
  /// Fusions concern questions of several terms, task types those with a text: the others are not asked,
  /// and are ``SystemRun/skipped``. A task type that changes no probe is ignored by the service: it is
  /// said and left out.
  ///
  /// - Parameters:
  ///   - systems: of ``variants(of:_:in:isGrid:)``.
  ///   - name: how tables call the space.
  ///   - body: gets the runs in the order of the systems.
  /// - Throws: as ``run(_:_:in:name:spares:budget:_:)``; `budget` before anything is asked for, for all
  ///   systems together; `unsupported` when no question is concerned, or every task type is ignored; what
  ///   `body` throws.
  @concurrent package func runs(
    _ questions: QuestionSet, of systems: [SystemVariant], in space: Space, name: String,
    spares: Bool = true, budget: Int?, _ handler: @escaping EventHandler,
    _ body: (SystemRun) async throws -> Void
  ) async throws {
    let (concerned, skipped) = try concerned(questions, by: systems, handler)
    try await checkCost(of: systems, concerned, in: space, budget: budget)
    let systems = try await leavingOutIgnoredTasks(
      systems, concerned, in: space, budget: budget, handler)
    var rest = systems[...]
    var asked: (form: Form, questions: AskedQuestions)?
    while let system = rest.first {
      let form = Form(system)
      if asked?.form != form {
        asked = nil
        asked = (
          form,
          try await self.asked(
            concerned, system.query, in: [space], as: system.task, budget: budget, handler)
        )
      }
      guard let questions = asked?.questions else { return }
      // Neighbours that differ in the dimension alone take one pass.
      let group = rest.prefix {
        Form($0) == form && $0.query.differsInDimension(from: system.query)
      }
      rest = rest.dropFirst(max(1, group.count))
      if group.count > 1 {
        try await dimensions(
          Array(group), questions, name: name, spares: spares, handler
        ) { run in try await body(run.skipping(skipped)) }
      } else {
        let run = try await run(
          questions, system.query, name: system.name(of: name), spares: spares, handler)
        try await body(run.skipping(skipped))
      }
    }
  }

  /// What decides the vectors of questions.
  private struct Form: Equatable {
    var task: TaskForm?
    var isJoint: Bool

    init(_ system: SystemVariant) {
      task = system.task
      isJoint = system.query.fusion == .joint
    }
  }

  /// The runs of systems that differ in the dimension alone.
  private func dimensions(
    _ systems: [SystemVariant], _ asked: AskedQuestions, name: String, spares: Bool,
    _ handler: @escaping EventHandler, _ body: (SystemRun) async throws -> Void
  ) async throws {
    let full = asked.entries[0].loaded.space.spec.dimension
    var template = systems[0].query
    template.dimensions = systems.map { $0.query.dimensions.first ?? full }
    let job = try job(asked, template, spares: spares)
    let outcomes = try await job.run { handler(.progress($0)) }
    for (place, system) in systems.enumerated() {
      let dimension = template.dimensions[place]
      guard let outcome = outcomes.first(where: { $0.dimension == dimension }) else { continue }
      var query = system.query
      query.dimensions = [dimension]
      var run = try self.system(outcome, of: asked, query, name: system.name(of: name))
      run.candidates = job.searches[0].candidates
      run.costs.searching = try await searching(asked, query, spares: spares)
      let warnings = Self.warnings(about: outcome, of: asked.set)
      say(query, asked.entries, place == 0 ? asked.warnings + warnings : [], [], handler)
      try await body(run)
    }
  }

  private func job(_ asked: AskedQuestions, _ template: Query, spares: Bool) throws -> RunJob {
    RunJob(
      asked: asked, queries: try asked.questions.map { try template.asking($0, of: asked.set) },
      searches: try asked.entries.enumerated().map { try search($1, at: $0, template) },
      spares: spares)
  }

  /// Milliseconds for all questions, as the first batch of them takes alone.
  private func searching(
    _ asked: AskedQuestions, _ template: Query, spares: Bool
  ) async throws -> Double {
    let some = asked.prefix(RunSearch.batch)
    let job = try job(some, template, spares: spares)
    let started = ContinuousClock.now
    _ = try await job.run { _ in }
    return Clock.milliseconds(since: started) * Double(asked.questions.count)
      / Double(some.questions.count)
  }

  // MARK: - Questions

  /// The questions that the systems may answer differently.
  func concerned(
    _ set: QuestionSet, by systems: [SystemVariant], _ handler: EventHandler
  ) throws -> (QuestionSet, skipped: Set<String>) {
    var concerned = set
    let fusions = Set(systems.map(\.query.fusion))
    if fusions.count > 1 {
      concerned.questions = concerned.questions.filter { question in
        question.terms.count > 1
          && systems.allSatisfy { (try? $0.query.asking(question, of: set)) != nil }
      }
      note(set, concerned, "--fuse", "have one term, or terms that not every way takes", handler)
    }
    if systems.contains(where: { $0.task != nil }) {
      let before = concerned
      concerned.questions = concerned.questions.filter { $0.text != nil && $0.task == nil }
      note(before, concerned, "--tasks", "have no text, or a task type of their own", handler)
    }
    guard !concerned.questions.isEmpty else {
      throw ParallaxError(
        .unsupported,
        fusions.count > 1
          ? "--fuse changes nothing: no question has several terms that every way takes"
          : "--tasks changes nothing: no question has a text without a task type of its own",
        parameter: .init(name: fusions.count > 1 ? "fuse" : "tasks"))
    }
    let kept = Set(concerned.questions.map(\.id))
    return (concerned, Set(set.questions.map(\.id)).subtracting(kept))
  }

  private func note(
    _ before: QuestionSet, _ after: QuestionSet, _ option: String, _ reason: String,
    _ handler: EventHandler
  ) {
    let count = before.questions.count - after.questions.count
    if count == 0 { return }
    handler(
      .note(
        "\(option) does not touch \(Wording.count(count)) of "
          + "\(Wording.count(before.questions.count, "question")): they \(reason), and are left out"
      ))
  }
}

extension SystemRun {
  fileprivate func skipping(_ questions: Set<String>) -> SystemRun {
    var copy = self
    copy.skipped = questions
    return copy
  }
}

extension Query {
  /// Whether two queries may be answered in one pass over prefixes: only the dimension differs, and
  /// nothing is asked that prefixes do not have.
  fileprivate func differsInDimension(from other: Query) -> Bool {
    var (left, right) = (self, other)
    let whole = left
    (left.dimensions, right.dimensions) = ([1], [1])
    return left == right && (try? left.checkOptions()) != nil && whole.similarity == .cosine
  }
}

extension AskedQuestions {
  /// The first of them.
  fileprivate func prefix(_ count: Int) -> AskedQuestions {
    var some = set
    some.questions = Array(set.questions.prefix(count))
    return AskedQuestions(
      set: some, entries: entries, terms: Array(terms.prefix(count)), owners: owners,
      own: Array(own.prefix(count)), inputs: inputs, warnings: warnings, embedding: embedding,
      money: money)
  }
}
