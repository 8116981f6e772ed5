internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxSearch
package import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// Keeps a question with its vector. What matches now is noted, and is not new later.
  ///
  /// - Parameter budget: millionths of a US dollar that may be spent in this workspace; `nil` for no limit.
  /// - Returns: the watch, and how many items match now.
  /// - Throws: `read-only` and `already-exists` before anything is asked for; what a query throws.
  @concurrent package func addWatch(
    _ request: WatchRequest, to space: Space, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> (watch: Watch, matches: Int) {
    guard workspace.mode == .readWrite else {
      throw ParallaxError(.readOnly, "the workspace is open for reading only")
    }
    try workspace.checkNewWatch(named: request.name)
    var query = Query(terms: request.terms)
    query.condition = request.condition
    try query.check()
    if let condition = request.condition {
      try condition.attributed { try workspace.check(condition, in: space.collection) }
    }
    async let prepared: Void = prepare(for: query.terms, space, budget: budget)
    let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
    await prepared
    var terms = QueryTerms(bench: self, space: space, loaded: entry.loaded, budget: budget)
    let vectors = try await terms.all(query.terms)
    let ranking = QueryRanking(entry: entry, place: 0, query: query, terms: vectors)
    let watch = Watch(
      name: request.name, space: space, question: request.question,
      condition: request.condition?.text, minimumScore: request.minimumScore,
      created: Clock.now(), vector: try ranking.vector())
    let hits = try await hits(of: watch, in: entry)
    try workspace.add(watch, matching: try matches(hits, in: space).compactMap(\.self))
    say(query, [entry], terms.warnings, [], handler)
    return (watch, hits.count)
  }

  /// What the watches of a collection find that they had not found before. What is returned is noted in one
  /// transaction for each watch, and never returned again; a watch that cannot be asked is named.
  ///
  /// - Throws: `read-only`; `damaged-data`; what loading a space throws; `cancelled`.
  @concurrent package func watchNews(
    in collection: ItemCollection, _ handler: @escaping EventHandler
  ) async throws -> WatchFindings {
    var findings = WatchFindings()
    var answers: [(watch: Watch, space: Space, hits: [Answer.Hit])] = []
    for watch in try workspace.watches(in: collection) {
      guard let (space, hits) = try await asked(watch, pausing: &findings, handler) else {
        continue
      }
      answers.append((watch, space, hits))
    }
    // Not before all have been asked: what is noted and then not returned would be lost.
    for (watch, space, hits) in answers {
      let found = Clock.now()
      let all = try matches(hits, in: space)
      let new = Set(try workspace.note(all.compactMap(\.self), of: watch, found: found))
      guard !new.isEmpty else { continue }
      findings.news.append(
        WatchNews(
          watch: watch, hits: zip(hits, all).filter { $1.map(new.contains) ?? false }.map(\.0),
          found: found))
    }
    return findings
  }

  /// What matches a watch now, best first, with the time at which each was found; `nil` for what matched when
  /// it was added.
  ///
  /// Where the workspace can be written, what was not noted yet is noted.
  ///
  /// - Throws: `unknown-name`; `model-changed` for a watch of another identity than its space; as
  ///   ``watchNews(in:_:)``.
  @concurrent package func watched(
    _ name: String, _ handler: @escaping EventHandler
  ) async throws -> (watch: Watch, hits: [Answer.Hit], found: [String?]) {
    let watch = try workspace.watch(named: name)
    let space = try space(of: watch)
    let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
    let hits = try await hits(of: watch, in: entry)
    let all = try matches(hits, in: space)
    if workspace.mode == .readWrite {
      _ = try workspace.note(all.compactMap(\.self), of: watch, found: Clock.now())
    }
    let noted = try workspace.matches(of: watch)
    return (watch, hits, all.map { match in match.flatMap { noted[$0] ?? nil } })
  }

  /// The space of a watch.
  ///
  /// - Throws: `unknown-name` where it is gone, `model-changed` where it has another identity.
  package func space(of watch: Watch) throws -> Space {
    let spaces = try workspace.spaces(in: watch.collection)
    guard let space = spaces.first(where: { $0.name == watch.space }) else {
      throw ParallaxError(
        .unknownName, "watch '\(watch.name)' is paused: its space '\(watch.reference)' is gone",
        hint: "embed it again as it was; or remove the watch, and add it to another space")
    }
    let differences = space.spec.differences(from: watch.spec)
    guard differences.isEmpty else {
      let parts = differences.map { "\($0.name) was '\($0.other)', is '\($0.own)'" }
      throw ParallaxError(
        .modelChanged,
        "watch '\(watch.name)' is paused: its threshold belongs to another identity than "
          + "'\(watch.reference)' has now (\(parts.joined(separator: ", ")))",
        hint:
          "'watch list' shows how it asks: remove it, and add it with a threshold for that model")
    }
    return space
  }

  /// What matches a watch that can be asked; another is named among those that are paused.
  private func asked(
    _ watch: Watch, pausing findings: inout WatchFindings, _ handler: @escaping EventHandler
  ) async throws -> (Space, [Answer.Hit])? {
    do {
      let space = try space(of: watch)
      let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
      return (space, try await hits(of: watch, in: entry))
    } catch let error as ParallaxError
      where [.unknownName, .modelChanged, .unknownField, .typeMismatch].contains(error.code)
    {
      let isSaid = [.unknownName, .modelChanged].contains(error.code)
      findings.paused.append(
        isSaid ? error.message : "watch '\(watch.name)' is paused: \(error.message)")
      return nil
    }
  }

  /// Every item of a space that matches, best first.
  private func hits(
    of watch: Watch, in entry: SearchableSpace
  ) async throws -> [Answer.Hit] {
    let allowed = try watch.condition.map { condition in
      try workspace.rowSet(in: entry.loaded, matching: WhereExpression(parsing: condition))
    }
    let found = try await ScanStop.whenCancelled { stop in
      try entry.index.nearest(
        to: [watch.vector], count: entry.index.rowCount, allowed: allowed,
        minimumScore: watch.minimumScore, until: stop)[0]
    }
    return found.enumerated().map { place, hit in
      Answer.Hit(
        space: 0, item: entry.loaded.items[hit.row], id: entry.loaded.ids[hit.row],
        score: hit.score, rank: place + 1)
    }
  }

  /// The hits as they are noted, in the same places; `nil` of an item that went meanwhile.
  private func matches(_ hits: [Answer.Hit], in space: Space) throws -> [WatchMatch?] {
    let items = try workspace.items(named: hits.map(\.id), in: space.collection)
    return hits.map { hit in
      guard let item = items[hit.id], item.rowID == hit.item else { return nil }
      return space.spec.content.hash(file: item.hash, text: item.text).map {
        WatchMatch(item: hit.item, hash: $0)
      }
    }
  }
}
