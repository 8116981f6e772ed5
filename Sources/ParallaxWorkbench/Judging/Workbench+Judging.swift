internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// What a judge is asked about the answers of systems: the first of each list, those first that the
  /// systems disagree on; see ``AnswerPool``.
  ///
  /// - Parameters:
  ///   - runs: at least one, of the items of one collection.
  ///   - name: of the set; nothing is changed yet.
  /// - Throws: `unsupported` where it is not known which items are meant, or the set judges those of another
  ///   collection; `invalid-value` where a question is not the one that was judged under its id;
  ///   `damaged-data`; `CancellationError`.
  @concurrent package func judging(
    of runs: [SystemRun], _ request: JudgingRequest, in name: String, by judge: Judge,
    _ handler: @escaping EventHandler
  ) async throws -> Judging {
    let collection = try Self.collection(of: runs)
    let asked = try await judgedQuestions(of: runs)
    let own = runs.ownItems
    let pool = AnswerPool(
      runs.map(\.run), depth: request.depth, seed: request.seed, leavingOut: own)
    try Task.checkCancellation()
    let items = try workspace.items(named: Set(pool.pairs.map(\.item)), in: collection)
    Self.note(own, in: runs, request.depth, handler)
    Self.warn(of: pool.pairs.map(\.item).filter { items[$0] == nil }, collection, handler)
    let pooled = Set(pool.pairs.map(\.question))
    let unknown = pooled.filter { asked[$0] == nil }
    if let first = unknown.min() {
      handler(
        .warning(
          "nothing but the id is known of \(Wording.count(unknown.count, "question")), such as "
            + "'\(first)': 'import-run FILE --queries FILE' says what was asked"))
    }

    var before: [JudgedKey: Grade] = [:]
    var terms = asked.mapValues(\.terms)
    if let set = try workspace.judgementSet(named: name) {
      try set.check(collection)
      let kept = try keptJudgements(in: set)
      try Self.check(asked, against: kept, about: .queries, handler)
      terms = Dictionary(
        uniqueKeysWithValues: terms.map { ($0, $1.completed(by: kept.terms[$0] ?? [])) })
      for grade in kept.pairs.flatMap(\.grades) + kept.changed
      where grade.judge == judge.name && grade.kind == judge.kind {
        before[JudgedKey(grade.question, grade.item)] = grade
      }
    }
    var (pairs, judged, stale) = ([Judging.Pair](), 0, 0)
    for pair in pool.pairs {
      guard let item = items[pair.item] else { continue }
      let earlier = before[JudgedKey(pair.question, pair.item)]
      if let earlier, earlier.hash == item.hash {
        if earlier.identity != request.identity {
          stale += 1
        } else if !request.asksAgain {
          judged += 1
          continue
        }
      }
      pairs.append(Judging.Pair(question: pair.question, item: item, before: earlier))
    }
    if stale > 0 {
      handler(
        .note(
          "\(Wording.count(stale, "grade")) of '\(judge.name)' \(stale == 1 ? "is" : "are") of another "
            + "version or other instructions: "
            + (stale == 1
              ? "it does not count as judged before" : "they do not count as judged before")))
    }
    let first = request.most.map { Array(pairs.prefix($0)) } ?? pairs
    var judging = Judging(
      name: name, collection: collection, judge: judge, pairs: first,
      questions: asked.mapValues(\.question), terms: terms)
    judging.judged = judged
    judging.beyond = pairs.count - first.count
    judging.seed = request.seed
    judging.identity = request.identity
    return judging
  }

  /// What people disagree about in a set, the worst first, to be settled by one of them.
  ///
  /// - Parameters:
  ///   - most: at most so many; `nil` for all.
  ///   - asksAgain: whether what was settled is asked about, too.
  /// - Throws: `unknown-name` for a set or a collection that is not there; `damaged-data`.
  @concurrent package func settling(
    _ pairs: [KeptJudgements.Pair], in name: String, by person: String, most: Int?,
    asksAgain: Bool, _ handler: @escaping EventHandler
  ) async throws -> Judging {
    let kept = try keptJudgements(named: name)
    let collection = try workspace.collection(named: kept.set.collection)
    let items = try workspace.items(named: Set(pairs.map(\.item)), in: collection)
    Self.warn(of: pairs.map(\.item).filter { items[$0] == nil }, collection, handler)
    var settled: [JudgedKey: Grade] = [:]
    for grade in kept.pairs.compactMap(\.settled) + kept.changed where grade.kind == .settled {
      settled[JudgedKey(grade.question, grade.item)] = grade
    }
    var (left, judged) = ([Judging.Pair](), 0)
    for pair in pairs {
      guard let item = items[pair.item] else { continue }
      let earlier = settled[JudgedKey(pair.question, pair.item)]
      guard earlier?.hash != item.hash || asksAgain else {
        judged += 1
        continue
      }
      left.append(
        Judging.Pair(question: pair.question, item: item, before: earlier, others: pair.people))
    }
    let first = most.map { Array(left.prefix($0)) } ?? left
    var judging = Judging(
      name: name, collection: collection, judge: try Judge(person, .settled), pairs: first,
      questions: kept.questions, terms: kept.terms)
    judging.judged = judged
    judging.beyond = left.count - first.count
    return judging
  }

  /// Keeps a grade at once.
  ///
  /// - Parameter value: in `Grade.scale`.
  /// - Throws: `read-only`, and what else prevents it: then nothing was kept.
  package func keep(_ value: Int, of pair: Judging.Pair, in judging: Judging) throws {
    try keep([judging.grade(value, of: pair)], of: judging)
  }

  func keep(_ grades: [Grade], of judging: Judging) throws {
    if grades.isEmpty { return }
    let set = try workspace.judgementSet(
      named: judging.name, of: judging.collection, at: Clock.now())
    let asked = Set(grades.map(\.question))
    try workspace.keep(
      grades, in: set, asking: judging.terms.filter { asked.contains($0.key) })
  }

  /// Takes back what this judge said of a pair, and of what is settled whoever did so.
  ///
  /// - Throws: `read-only`.
  package func withdraw(_ pair: Judging.Pair, in judging: Judging) throws {
    guard let set = try workspace.judgementSet(named: judging.name) else { return }
    let settled = judging.judge.kind == .settled ? pair.before : nil
    try workspace.drop(settled ?? judging.grade(0, of: pair), in: set)
  }

  /// Takes a grade back, to what was said before.
  ///
  /// - Throws: `read-only`.
  package func takeBack(_ pair: Judging.Pair, in judging: Judging) throws {
    if let before = pair.before { return try keep([before], of: judging) }
    try withdraw(pair, in: judging)
  }
}

extension Judging {
  func grade(_ value: Int, of pair: Pair) -> Grade {
    Grade(
      value, of: pair.item.id, for: pair.question, by: judge.name, judge.kind, at: Clock.now(),
      hash: pair.item.hash, identity: identity)
  }
}

/// A question and an item.
private struct JudgedKey: Hashable {
  var question: String
  var item: ItemID

  init(_ question: String, _ item: ItemID) { (self.question, self.item) = (question, item) }
}

extension Workbench {
  /// The collection that all runs answer with the items of.
  private static func collection(of runs: [SystemRun]) throws -> ItemCollection {
    var known: ItemCollection?
    for run in runs {
      guard let collection = run.collection ?? run.spaces.first?.collection else {
        throw ParallaxError(
          .unsupported, "it is not known of which collection the items of '\(run.name)' are",
          hint: "'import-run FILE --collection NAME' says it")
      }
      guard Set(run.spaces.map(\.collection)).count < 2, known ?? collection == collection else {
        throw ParallaxError(
          .unsupported,
          "a set judges the items of one collection, and '\(run.name)' has those of "
            + (known ?? collection == collection
              ? "several" : "'\(collection.name)' beside '\(known?.name ?? "")'"),
          hint: "judge the collections in sets of their own")
      }
      known = collection
    }
    guard let known else { throw ParallaxError(.unsupported, "there is no system to judge") }
    return known
  }

  private static func note(
    _ own: [String: Set<ItemID>], in runs: [SystemRun], _ depth: Int, _ handler: EventHandler
  ) {
    var left: Set<JudgedKey> = []
    for run in runs {
      for (question, own) in own {
        for item in (run.run.lists[question] ?? []).prefix(depth) where own.contains(item.id) {
          left.insert(JudgedKey(question, item.id))
        }
      }
    }
    if !left.isEmpty {
      handler(
        .note("\(Wording.count(left.count, "answer")) left out: the question itself"))
    }
  }

  private static func warn(
    of unknown: [ItemID], _ collection: ItemCollection, _ handler: EventHandler
  ) {
    let items = Set(unknown)
    guard let first = items.min() else { return }
    handler(
      .warning(
        items.count == 1
          ? "'\(first)' is not in '\(collection.name)' and cannot be judged"
          : "\(Wording.count(items.count)) items, such as '\(first)', are not in "
            + "'\(collection.name)' and cannot be judged"))
  }
}
