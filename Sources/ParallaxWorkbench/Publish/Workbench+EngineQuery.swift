internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSearch
package import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// Answers a question by what is published of a space.
  ///
  /// - Parameters:
  ///   - query: with options that an engine has; see ``Query/checkForEngine()``.
  ///   - budget: as ``answer(_:in:budget:_:)``.
  /// - Throws: as ``answer(_:in:budget:_:)`` and ``publish(_:_:_:)``; `unknown-name` where nothing is published.
  @concurrent package func answer(
    _ query: Query, on place: EnginePlace, in space: Space, budget: Int?,
    _ handler: @escaping EventHandler
  ) async throws -> Answer {
    try query.check()
    try query.checkForEngine()
    async let prepared: Void = prepare(for: query.terms, space, budget: budget)
    let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
    let started = ContinuousClock.now
    await prepared
    var terms = QueryTerms(bench: self, space: space, loaded: entry.loaded, budget: budget)
    let vectors =
      query.fusion == .joint
      ? [try await terms.joint(query.terms)] : try await terms.all(query.terms)
    let ranking = QueryRanking(entry: entry, place: 0, query: query, terms: vectors)
    let vector = try ranking.vector()
    let embedding = Clock.milliseconds(since: started)

    let searched = ContinuousClock.now
    let published = try await published(query, in: entry, place)
    defer { published.close() }
    let omitted = try omitted(query, entry, terms)
    let found = try await published.nearest(to: vector, query, without: omitted)
    let searching = Clock.milliseconds(since: searched)
    say(
      query, [], terms.warnings + published.gone(found.gone) + published.warnings, [], handler)
    var answered = Answer.Ranking(
      hits: found.hits.map {
        Answer.Hit(space: 0, item: entry.loaded.items[$0.row], id: $0.id, score: $0.score)
      })
    for place in answered.hits.indices { answered.hits[place].rank = place + 1 }
    if query.hasSums {
      answered.contributions = Contributions(
        of: vectors, to: found.hits.map { entry.loaded.matrix.row($0.row) })
    }
    return Answer(
      query: query, spaces: [space], rankings: [answered],
      candidates: try candidates(query, entry, omitted, published), method: found.method,
      inputs: terms.inputs, embedding: embedding, searching: searching)
  }

  /// The items asked by, and copies of the files, where they are to be left out.
  private func omitted(
    _ query: Query, _ entry: SearchableSpace, _ terms: QueryTerms
  ) throws -> Set<ItemID> {
    guard query.excludesOwn else { return [] }
    let copies = try workspace.rows(of: entry.loaded, withContent: terms.ownHashes)
    return terms.ownIDs.union(copies.map { entry.loaded.ids[$0] })
  }

  /// Items that could have been answered.
  func candidates(
    _ query: Query, _ entry: SearchableSpace, _ omitted: Set<ItemID>, _ published: PublishedSpace
  ) throws -> Int {
    guard let condition = query.condition else {
      return (published.count ?? entry.index.rowCount) - omitted.count
    }
    var rows = try condition.attributed {
      try workspace.rowSet(in: entry.loaded, matching: condition)
    }
    for id in omitted { if let row = entry.loaded.row(of: id) { rows.remove(row) } }
    return rows.count
  }
}

extension Publication.Certificate {
  /// Such as `recall@10 0.991 on 100 samples (0.98 to 1, 95 %)`.
  package var words: String {
    "recall@\(depth) \(Wording.thousandths(recall)) on \(questions) samples "
      + "(\(Wording.thousandths(low)) to \(Wording.thousandths(high)), 95 %)"
  }
}

extension Query {
  /// Refuses what engines are not asked.
  ///
  /// - Throws: `usage`, naming the parameter.
  package func checkForEngine() throws {
    let hasCodes = if case .codes = method { true } else { false }
    let others: [(isGiven: Bool, name: String)] = [
      (fusion == .reciprocalRank, "fuse"), (diversity != nil, "mmr"), (hasCodes, "codes"),
      (!dimensions.isEmpty, "dims"),
    ]
    guard let other = others.first(where: \.isGiven) else { return }
    throw ParallaxError(
      .usage,
      "--on asks an engine for the nearest to one vector; --\(other.name) cannot be combined with it",
      hint: "leave --on out: the search here can",
      parameter: ParallaxError.Parameter(name: other.name))
  }
}
