internal import ParallaxCore
internal import ParallaxPublishing
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
    let published = try published(space, place)
    let connection = try await connect(to: place.address)
    defer { connection.close() }
    let record = try await self.record(published.name, of: space, place, connection)
    let omitted = try omitted(query, entry, terms)
    let answer = try await connection.nearest(
      EngineQuestion(
        vector: vector, count: query.top + omitted.count, similarity: query.similarity,
        filter: try filter(query, record, space, place), isExact: query.method == .exact,
        expansion: query.expansion, probes: place.probes), in: record)
    let hits = answer.hits.filter {
      !omitted.contains($0.item) && $0.score >= query.minimumScore ?? -.infinity
    }.prefix(query.top)
    let found = hits.compactMap { hit in
      entry.loaded.row(of: hit.item).map { (row: $0, hit: hit) }
    }
    let searching = Clock.milliseconds(since: searched)
    var warnings = terms.warnings
    if found.count < hits.count {
      warnings.append(
        "\(Wording.count(hits.count - found.count, "hit")) of '\(record.schema.name)' left out: "
          + "'\(space.reference)' has no such item any more")
    }
    warnings += try news(of: space, published.publication, record, place)
    say(query, [], warnings, [], handler)
    var answered = Answer.Ranking(
      hits: found.map {
        Answer.Hit(
          space: 0, item: entry.loaded.items[$0.row], id: $0.hit.item, score: $0.hit.score)
      })
    for place in answered.hits.indices { answered.hits[place].rank = place + 1 }
    if query.hasSums {
      answered.contributions = Contributions(
        of: vectors, to: found.map { entry.loaded.matrix.row($0.row) })
    }
    return Answer(
      query: query, spaces: [space], rankings: [answered],
      candidates: try candidates(query, entry, omitted, record),
      method: method(answer, record, connection, place, published.publication),
      inputs: terms.inputs, embedding: embedding, searching: searching)
  }

  /// The table that is meant, and what is known of it here.
  private func published(
    _ space: Space, _ place: EnginePlace
  ) throws -> (name: String, publication: Publication?) {
    let known = try workspace.publications(of: space.collection).filter {
      $0.space == space.name && $0.url == place.address.text
    }
    if let name = place.name { return (name, known.first { $0.name == name }) }
    guard known.count < 2 else {
      throw ParallaxError(
        .usage,
        "'\(space.reference)' is published there as \(known.map { "'\($0.name)'" }.joined(separator: ", "))",
        hint: "--name says which is asked", parameter: "name")
    }
    return (
      known.first?.name ?? usualName(of: space.collection.name, space.name), known.first
    )
  }

  private func record(
    _ name: String, of space: Space, _ place: EnginePlace, _ connection: any EngineConnection
  ) async throws -> EngineRecord {
    guard let record = try await connection.record(named: name) else {
      throw ParallaxError(
        .unknownName, "'\(name)' is not published at '\(place.address.text)'",
        hint: "'publish \(space.reference) --to \(place.address.text)' publishes it",
        parameter: "on")
    }
    try record.check(
      collection: space.collection.name, space: space.name, identity: space.spec.identity,
      publisher: nil)
    return record
  }

  private func filter(
    _ query: Query, _ record: EngineRecord, _ space: Space, _ place: EnginePlace
  ) throws -> EngineFilter? {
    try query.condition.map { condition in
      let node = try condition.attributed {
        try workspace.checked(condition, in: space.collection)
      }
      let current = try EngineFields(of: space.collection, in: workspace).fields
      let filter = try EngineFilter(node, in: record.schema, current: current)
      try place.address.engine.check(filter)
      return filter
    }
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
  private func candidates(
    _ query: Query, _ entry: SearchableSpace, _ omitted: Set<ItemID>, _ record: EngineRecord
  ) throws -> Int {
    guard let condition = query.condition else {
      return (record.count ?? entry.index.rowCount) - omitted.count
    }
    var rows = try condition.attributed {
      try workspace.rowSet(in: entry.loaded, matching: condition)
    }
    for id in omitted { if let row = entry.loaded.row(of: id) { rows.remove(row) } }
    return rows.count
  }

  /// What a person should know of the state of what was asked.
  private func news(
    of space: Space, _ publication: Publication?, _ record: EngineRecord, _ place: EnginePlace
  ) throws -> [String] {
    let again = "'publish \(space.reference) --to \(place.address.text)' brings it up to date"
    // Others may ask it who have the same images, and nobody knows whether they have.
    guard try record.schema.publisher == workspace.publisherID() else {
      return [
        "'\(record.schema.name)' was published by another workspace, and may hold other images under the same ids"
      ]
    }
    guard record.isComplete else {
      return ["a publish to '\(record.schema.name)' has not come to its end: \(again)"]
    }
    guard let publication, let stamp = publication.stamp,
      let now = try workspace.stamp(of: space), now != stamp
    else { return [] }
    return [
      "'\(space.reference)' has changed since it was published \(publication.published): \(again)"
    ]
  }

  private func method(
    _ answer: EngineAnswer, _ record: EngineRecord, _ connection: any EngineConnection,
    _ place: EnginePlace, _ publication: Publication?
  ) -> String {
    let who = "\(connection.version), '\(record.schema.name)' at \(place.address.text)"
    guard !answer.isExact else { return "\(who): \(answer.method)" }
    guard let certificate = publication?.certificate else {
      return "\(who): approximate, \(answer.method), recall not measured"
    }
    return "\(who): approximate, \(answer.method), \(certificate.words)"
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
