internal import ParallaxCore
internal import ParallaxSearch
package import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// Answers a question.
  ///
  /// - Parameters:
  ///   - spaces: at least one; several must have the same identity.
  ///   - budget: millionths of a US dollar that may be spent in this workspace; `nil` for no limit.
  /// - Throws: what contradicts itself (``Query/check()``); `unsupported`, `unknown-name`,
  ///   `unknown-field`, `type-mismatch`, `unreadable-file`, naming the parameter; `model-changed`;
  ///   what the provider says; `cancelled`.
  @concurrent package func answer(
    _ query: Query, in spaces: [Space], budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> Answer {
    try query.check()
    guard let space = spaces.first else {
      throw ParallaxError(.internalError, "a query needs a space")
    }
    try Self.checkAlike(spaces)
    guard query.dimensions.isEmpty || spaces.count == 1 else {
      throw ParallaxError(
        .usage, "--dims compares every row of one space; --also cannot be combined with it",
        parameter: "also")
    }
    async let prepared: Void = prepare(for: query.terms, space, budget: budget)
    var entries: [SearchableSpace] = []
    for space in spaces {
      entries.append(
        try await self.spaces.loading(space, progress: { handler(.progress($0)) }))
    }

    let started = ContinuousClock.now
    await prepared
    var terms = QueryTerms(bench: self, space: space, loaded: entries[0].loaded, budget: budget)
    let vectors =
      query.fusion == .joint
      ? [try await terms.joint(query.terms)] : try await terms.all(query.terms)
    let embedding = Clock.milliseconds(since: started)

    let searched = ContinuousClock.now
    var parts: [AnswerPart] = []
    for (place, entry) in entries.enumerated() {
      let allowed = try allowed(query, entry, terms)
      let ranking = QueryRanking(entry: entry, place: place, query: query, terms: vectors)
      parts += try await ranking.parts(of: self.spaces, allowed: allowed)
    }
    let searching = Clock.milliseconds(since: searched)
    say(query, entries, terms.warnings, parts.map(\.warning), handler)
    let answer = Answer(
      query: query, spaces: spaces, rankings: AnswerPart.rankings(of: parts, top: query.top),
      candidates: query.dimensions.isEmpty
        ? parts.reduce(0) { $0 + $1.candidates } : parts[0].candidates,
      method: parts[0].method, inputs: terms.inputs, embedding: embedding, searching: searching)
    let standings = try await Standings(query, space, self, budget: budget, handler)
    return standings?.added(to: answer, entries) ?? answer
  }

  /// Opens the model while the space is loaded. An error is reported when a term needs it.
  func prepare(for terms: [Query.Term], _ space: Space, budget: Int?) async {
    var (hasTexts, hasImages) = (false, false)
    for term in terms {
      switch term.content {
      case .text: hasTexts = true
      case .image: hasImages = true
      case .item: break
      }
    }
    guard hasTexts || hasImages,
      let embedder = try? await models.embedder(for: space, budget: budget)
    else { return }
    try? await embedder.prepare(images: hasImages, texts: hasTexts)
  }

  /// Vectors are comparable where nothing differs.
  static func checkAlike(_ spaces: [Space]) throws {
    for (index, other) in spaces.dropFirst().enumerated() {
      let parameter = ParallaxError.Parameter(name: "also", index: index)
      let hint = "spaces are searched together when nothing differs"
      if spaces[...index].contains(other) {
        throw ParallaxError(
          .unsupported, "'\(other.reference)' is searched already", hint: hint,
          parameter: parameter)
      }
      let differences = spaces[0].spec.differences(from: other.spec).map(\.name)
      guard differences.isEmpty else {
        throw ParallaxError(
          .unsupported,
          "'\(other.reference)' has another identity than '\(spaces[0].reference)': "
            + differences.joined(separator: ", "),
          hint: hint, parameter: parameter)
      }
    }
  }

  /// The rows that may be answered; `nil` for all.
  private func allowed(
    _ query: Query, _ entry: SearchableSpace, _ terms: QueryTerms
  ) throws -> RowSet? {
    let loaded = entry.loaded
    let wanted = try query.condition.map { condition in
      try condition.attributed { try workspace.rowSet(in: loaded, matching: condition) }
    }
    guard query.excludesOwn else { return wanted }
    let count = loaded.ids.count
    let everything = Array(repeating: ~UInt64(0), count: (count + 63) / 64)
    var rows = wanted ?? RowSet(capacity: count, words: everything)
    let copies = try workspace.rows(of: loaded, withContent: terms.ownHashes)
    for row in terms.ownIDs.compactMap({ loaded.row(of: $0) }) + copies { rows.remove(row) }
    return rows
  }

  /// Tells what was found out while a query was answered.
  ///
  /// - Parameters:
  ///   - warnings: about its terms.
  ///   - floors: those about indexes that were not used.
  func say(
    _ query: Query, _ entries: [SearchableSpace], _ warnings: [String], _ floors: [String?],
    _ handler: EventHandler
  ) {
    let findings = models.drainFindings()
    for note in findings.notes { handler(.note(note)) }
    if query.expansion != nil, let plain = entries.first(where: { $0.graph == nil }) {
      let name = plain.loaded.space.reference
      handler(
        .note("'\(name)' has no index: --ef has no effect ('index \(name)' makes one)"))
    }
    let problems = entries.compactMap(\.graphProblem).map {
      "\($0.message); searched exactly"
    }
    for warning in warnings + problems + floors.compactMap(\.self) + findings.warnings {
      handler(.warning(warning))
    }
  }
}
