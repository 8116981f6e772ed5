internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem

/// Questions with their vectors, ready to be searched for in any way that leaves the vectors as they are.
struct AskedQuestions {
  let set: QuestionSet
  let entries: [SearchableSpace]
  /// The terms of each question, or why it cannot be asked.
  let terms: [Result<[QueryTerms.Term], ParallaxError>]
  /// One a space.
  let owners: [OwnItems]
  /// The items that each question is, over all spaces.
  let own: [Set<ItemID>]
  /// What was read, with its SHA-256.
  let inputs: [Provenance.Name]
  /// About texts.
  let warnings: [String]
  /// Milliseconds.
  let embedding: Double
  /// Millionths of a US dollar; `nil` where no price is known.
  let money: Int?

  var questions: [Question] { self.set.questions }
  var spaces: [Space] { entries.map(\.loaded.space) }
}

extension Workbench {
  /// Loads the spaces and embeds what questions ask by.
  ///
  /// - Parameters:
  ///   - template: whose fusion says whether a text and an image are one input.
  ///   - task: what stands in for the task type of the space; that of a question counts more.
  func asked(
    _ questions: QuestionSet, _ template: Query, in spaces: [Space], as task: TaskForm? = nil,
    budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> AskedQuestions {
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
      of: questions.questions, limit: imageLimit)
    let embedding = try await QuestionEmbedding(
      QuestionInputs(questions.questions, as: queries, files: files, under: task), bench: self,
      space: space, budget: budget)
    let money = try embedding.checkedCost()
    let vectors = try await embedding.vectors { handler(.progress($0)) }
    let cut = try await embedding.cut()
    let terms = embedding.terms(of: queries, vectors, entries[0].loaded)
    let embedded = Clock.milliseconds(since: started)

    let hashes = files.compactMapValues { try? $0.get() }
    let owners = try spaces.map {
      try OwnItems(
        of: questions.questions, files: hashes, contents: contents, in: $0.collection, workspace)
    }
    return AskedQuestions(
      set: questions, entries: entries, terms: terms, owners: owners,
      own: questions.questions.map { question in
        owners.reduce(into: Set<ItemID>()) { $0.formUnion($1.own(question)) }
      },
      inputs: questions.inputs + Self.imageInputs(of: questions, hashes)
        + Self.taskInputs(of: questions, task),
      warnings: cut,
      embedding: embedded, money: money)
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

  /// Task types other than that of the space, with how many questions stand under each.
  private static func taskInputs(
    of set: QuestionSet, _ task: TaskForm?
  ) -> [Provenance.Name] {
    let tasks = set.questions.compactMap { $0.task ?? ($0.text == nil ? nil : task?.text) }
    return Set(tasks).sorted().map { name in
      let count = Wording.count(tasks.count { $0 == name }, "question")
      return .init(name: "task type of \(count)", value: name)
    }
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
}
