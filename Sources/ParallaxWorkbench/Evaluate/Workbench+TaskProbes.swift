internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage

extension Workbench {
  /// Texts that are asked under every task type beforehand.
  static let taskProbes = 8

  /// The greatest difference of a value of unit vectors that still counts as none.
  private static let sameness: Float = 1e-5

  /// The systems without those of task types that change nothing.
  ///
  /// - Throws: `unsupported` when none is left beside the baseline.
  func leavingOutIgnoredTasks(
    _ systems: [SystemVariant], _ questions: QuestionSet, in space: Space, budget: Int?,
    _ handler: EventHandler
  ) async throws -> [SystemVariant] {
    let tasks = systems.compactMap(\.task)
    if tasks.isEmpty { return systems }
    var texts: [String] = []
    for text in questions.questions.compactMap(\.text) where !texts.contains(text) {
      texts.append(text)
      if texts.count == Self.taskProbes { break }
    }
    let own = try await vectors(of: texts, under: nil, in: space, budget: budget)
    var ignored: Set<TaskForm> = []
    for task in tasks where !ignored.contains(task) {
      let other = try await vectors(of: texts, under: task, in: space, budget: budget)
      if Self.difference(own, other) <= Self.sameness { ignored.insert(task) }
    }
    if ignored.isEmpty { return systems }
    let names = tasks.filter(ignored.contains).map(\.text)
    let listed = Set(names).sorted().joined(separator: ", ")
    let example = names.first { TaskWords.query(of: $0) != nil }
    let hint = example.map {
      "'--tasks \(TaskForm.prefix)\($0)' puts the words of the task in front of the texts instead"
    }
    let message =
      "\(listed) \(Set(names).count == 1 ? "changes" : "change") nothing: the vectors of "
      + "\(Wording.count(texts.count, "probe")) stay the same, so the service ignores it"
    let left = systems.filter { $0.task.map { !ignored.contains($0) } ?? true }
    guard left.contains(where: { $0.task != nil }) else {
      throw ParallaxError(.unsupported, message, hint: hint, parameter: "tasks")
    }
    handler(.warning(message + (hint.map { "; \($0)" } ?? "")))
    return left
  }

  private func vectors(
    of texts: [String], under task: TaskForm?, in space: Space, budget: Int?
  ) async throws -> [[Float]?] {
    let embedder = try await models.embedder(for: space, asking: task?.type, budget: budget)
    let words = task?.words ?? ""
    return try await embedder.embed(texts.map { .text(words + $0) }, side: .query)
      .map { try? $0.get() }
  }

  /// The greatest difference of a value, where both have vectors; infinite where only one has.
  private static func difference(_ left: [[Float]?], _ right: [[Float]?]) -> Float {
    zip(left, right).reduce(0) { most, pair in
      switch pair {
      case (nil, nil): most
      case (let left?, let right?):
        zip(left, right).reduce(most) { max($0, abs($1.0 - $1.1)) }
      default: .infinity
      }
    }
  }

  /// Makes sure that what all systems ask for fits the budget.
  ///
  /// - Throws: `budget`: then nothing was asked for.
  func checkCost(
    of systems: [SystemVariant], _ questions: QuestionSet, in space: Space, budget: Int?
  ) async throws {
    guard let budget else { return }
    let files = try await QuestionInputs.files(of: questions.questions, limit: imageLimit)
    let micros = try await embeddings(
      of: systems, questions, files, in: space, budget: budget, isForEstimate: false
    ).flatMap { try $0.demands().compactMap(\.micros) }.reduce(0, +)
    let spent = try ledger.spending(provider: space.spec.provider).micros
    guard micros > 0, spent + micros > budget else { return }
    throw ParallaxError(
      .budget,
      "the questions of all systems would cost about \(Wording.dollars(micros)), and "
        + "\(Wording.dollars(spent)) of the budget of \(Wording.dollars(budget)) is spent or under "
        + "way: nothing was asked for",
      hint: "'set budget' raises it; --dry-run shows what would be asked for")
  }

  /// What embeds the questions: once for systems whose questions have the same vectors.
  func embeddings(
    of systems: [SystemVariant], _ questions: QuestionSet,
    _ files: [String: Result<ContentHash, ParallaxError>], in space: Space, budget: Int?,
    isForEstimate: Bool
  ) async throws -> [QuestionEmbedding] {
    var (embeddings, known) = ([QuestionEmbedding](), Set<[String]>())
    for system in systems {
      let isJoint = system.query.fusion == .joint
      guard known.insert([system.task?.text ?? "", isJoint ? "joint" : ""]).inserted else {
        continue
      }
      let queries = try questions.questions.map { try system.query.asking($0, of: questions) }
      let inputs = QuestionInputs(
        questions.questions, as: queries, files: files, under: system.task)
      embeddings.append(
        try await QuestionEmbedding(
          inputs, bench: self, space: space, budget: budget, isForEstimate: isForEstimate))
    }
    return embeddings
  }
}
