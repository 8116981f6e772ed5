package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package enum QueryCommand: Command {
  package static let signature = CommandSignature(
    verb: "query", aliases: ["search", "find"], group: "Search",
    summary: "find the images nearest to texts, images or items",
    discussion: """
      Terms are combined as the weighted sum of their unit vectors: --text "at night"^0.7 \
      --image car.jpg^0.3. The --not- forms subtract, which is arithmetic on vectors, not a \
      logical not. The query is embedded with the identity of the space it searches.

      --where filters before the search, so that --top 20 means twenty that pass. The search is \
      exact, equal scores are ordered by item id; with an index ('help index') it is approximate \
      unless --exact is there, and says so; an index whose measured recall is below 'index.floor' \
      (0.9, see 'show settings') is passed over, which is said as well.

      --fuse rrf ranks by each term apart and adds 1 / (60 + rank); joint has the model make one \
      vector of a text and an image. 'explain' shows what each term gave to a score.
      """,
    objects: [ObjectSpec("COLLECTION[@SPACE]", .space, .optionalByHand)],
    options: [
      .weighted("text", .text, placeholder: "T", help: "a description of what is looked for"),
      .weighted("image", .path, placeholder: "F", help: "an image file like what is looked for"),
      .weighted("like", .itemID, placeholder: "ID", help: "an item of the collection"),
      .weighted("not-text", .text, placeholder: "T", help: "subtract a text"),
      .weighted("not-image", .path, placeholder: "F", help: "subtract an image"),
      .weighted("not-like", .itemID, placeholder: "ID", help: "subtract an item"),
      .single(
        "top", .integer(1...10_000), placeholder: "N", help: "at most N images", default: "10",
        short: "k"),
      .single("where", .expression, placeholder: "EXPR", help: "condition on metadata fields"),
      .single("min-score", .number(nil), placeholder: "X", help: "leave lower scores out"),
      .list("columns", .column, placeholder: "NAME", help: "columns of the result"),
      .single(
        "fuse", .choice(["sum", "rrf", "joint"]), placeholder: "HOW",
        help: "how several terms become one ranking", default: "sum"),
      .single(
        "similarity", .choice(Similarity.allCases.map(\.rawValue)), placeholder: "HOW",
        help: "how vectors are compared: dot and euclidean also depend on length",
        default: Similarity.cosine.rawValue),
      .flag("exclude-self", help: "leave out the items asked by and copies of the files"),
      .single(
        "mmr", .number(0...1), placeholder: "L",
        help: "trade score for difference: 1 is score alone"),
      .flag("exact", help: "compare every row, whatever index there is"),
      .single(
        "ef", .integer(1...10_000), placeholder: "N", help: "candidates held in an index",
        default: "as it was measured"),
      .single(
        "codes", .choice(["int8", "binary"]), placeholder: "TYPE",
        help: "look through short codes first; not exact"),
      .single(
        "oversample", .number(1...1_000), placeholder: "X",
        help: "with --codes: X times as many candidates are compared in full",
        default: "4, binary 20"),
      .list(
        "also", .space, placeholder: "SPACE", help: "more spaces, if their identity is the same"),
      .list(
        "dims", .integer(1...65_536), placeholder: "N",
        help: "search at these dimensions, all in one pass"),
    ],
    examples: [
      "query photos@base --text \"red car at night\" --top 20",
      "query photos@base --text bridge --where \"year >= 2020 and city in ('Paris', 'Rome')\"",
      "query photos@base --like 00412 --top 10 --columns rank,id,score,caption",
    ], producesResult: true)

  package static func validate(_ arguments: Arguments) throws {
    guard QueryTerms.optionNames.contains(where: arguments.given) else {
      throw arguments.error(
        .missingOption, "'query' needs something to look for: --text, --image or --like",
        usage: true)
    }
    try checkSimilarity(arguments)
    let conflicts = [
      ("exact", ["codes", "oversample", "ef"], "--exact compares every row in full"),
      ("codes", ["ef"], "--codes looks through codes, not an index"),
      ("dims", ["also", "fuse", "mmr", "codes", "ef"], "--dims compares every row of one space"),
    ]
    for (option, others, reason) in conflicts where arguments.given(option) {
      for other in others where arguments.given(other) {
        throw arguments.error(
          atOption: other, .usage, "\(reason); --\(other) is no part of that")
      }
    }
    if arguments.given("oversample"), !arguments.given("codes") {
      throw arguments.error(
        atOption: "oversample", .usage, "--oversample goes with --codes int8 or --codes binary")
    }
  }

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    for option in ["image", "not-image"] {
      for (index, image) in arguments.weighted(option).enumerated() {
        try scope.requireFile(image.value, at: arguments.location(ofOption: option, index: index))
      }
    }
    let reference = SpaceReference(arguments.object("COLLECTION[@SPACE]") ?? "")
    guard let collection = scope.settledCollection(reference.collection) else { return }
    try Where(arguments, scope.session.workspace)?.check(in: collection)
    if !arguments.given("also") {
      try ResultColumns(workspace: scope.session.workspace, collection: collection)
        .check(arguments)
    }
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let space = try session.space(arguments, object: "COLLECTION[@SPACE]")
    async let prepared: Void = prepare(space, arguments, session)
    let entry = try await session.bench.spaces.loading(space, progress: session.progress())
    let others = try await alike(space, arguments, session)

    let clock = ContinuousClock()
    let started = clock.now
    await prepared
    var terms = QueryTerms(session: session, space: space, loaded: entry.loaded)
    let fuse = arguments.string("fuse") ?? "sum"
    let asked =
      fuse == "joint" ? [try await terms.joint(arguments)] : try await terms.all(arguments)
    let embedMilliseconds = Clock.milliseconds(since: started)

    let searched = clock.now
    var parts: [QueryPart] = []
    var passedOver: [String] = []
    for entry in [entry] + others {
      let allowed = try await allowed(arguments, session, entry, terms)
      let ranking = QueryRanking(
        entry: entry, session: session, arguments: arguments, terms: asked, allowed: allowed)
      passedOver += [ranking.warning].compactMap(\.self)
      parts +=
        arguments.given("dims")
        ? try await ranking.foundByDimension()
        : [
          QueryPart(
            entry: entry, candidates: allowed?.count ?? entry.loaded.ids.count,
            found: try await ranking.found(isRankFusion: fuse == "rrf"))
        ]
    }
    let searchMilliseconds = Clock.milliseconds(since: searched)

    let result = try QueryResult(parts, arguments, session)
    let provenance = Provenance(
      command: arguments.canonical,
      spaces: ([entry] + others).map {
        .init(name: $0.loaded.space.reference, value: $0.loaded.space.spec.identity)
      },
      inputs: terms.inputs,
      timings: [
        .init(step: "embed", milliseconds: embedMilliseconds),
        .init(step: "search", milliseconds: searchMilliseconds),
      ], collection: others.isEmpty ? space.collection.name : nil, search: result.method)
    let checked = session.bench.models.drainFindings()
    let problems = ([entry] + others).compactMap(\.graphProblem).map {
      "\($0.message); searched exactly"
    }
    var notes = checked.notes
    if arguments.given("ef"), let plain = ([entry] + others).first(where: { $0.graph == nil }) {
      let name = plain.loaded.space.reference
      notes.append("'\(name)' has no index: --ef changes nothing ('index \(name)' makes one)")
    }
    var output = CommandOutput(
      .table(result.table), provenance: provenance,
      footer: footer(result, embed: embedMilliseconds, search: searchMilliseconds),
      notes: notes, warnings: terms.warnings + problems + passedOver + checked.warnings)
    output.contributions = result.contributions
    return output
  }

  /// Opens the model while the space is loaded. What goes wrong is said when a term needs it.
  private static func prepare(_ space: Space, _ arguments: Arguments, _ session: Session) async {
    func given(_ what: String) -> Bool { arguments.given(what) || arguments.given("not-\(what)") }
    guard given("text") || given("image"),
      let embedder = try? await session.embedder(for: space)
    else { return }
    try? await embedder.prepare(images: given("image"), texts: given("text"))
  }

  /// These methods use only directions, so they need cosine.
  private static func checkSimilarity(_ arguments: Arguments) throws {
    guard SpaceSearch.similarity(arguments) != .cosine else { return }
    for other in ["codes", "dims", "ef", "mmr"] where arguments.given(other) {
      throw arguments.error(
        atOption: other, .usage,
        "--\(other) compares directions: it goes with --similarity cosine")
    }
  }

  /// The spaces of --also, whose vectors must be comparable with those of the first.
  private static func alike(
    _ space: Space, _ arguments: Arguments, _ session: Session
  ) async throws -> [SearchableSpace] {
    var entries: [SearchableSpace] = []
    for (index, name) in arguments.list("also").enumerated() {
      let other: Space
      do {
        other = try session.bench.space(SpaceReference(name))
      } catch let error as ParallaxError {
        throw error.located(at: arguments.location(ofOption: "also", index: index))
      }
      guard other.spec == space.spec, other != space else {
        let differences = zip(space.spec.fields, other.spec.fields)
          .filter { $0.value != $1.value }.map(\.0.name)
        throw arguments.error(
          atOption: "also", index: index, .unsupported,
          other == space
            ? "'\(other.reference)' is searched already"
            : "'\(other.reference)' has another identity than '\(space.reference)': "
              + differences.joined(separator: ", "),
          hint: "spaces are searched together when nothing differs")
      }
      entries.append(
        try await session.bench.spaces.loading(other, progress: session.progress()))
    }
    return entries
  }

  /// The rows that may be answered; `nil` for all.
  private static func allowed(
    _ arguments: Arguments, _ session: Session, _ entry: SearchableSpace, _ terms: QueryTerms
  ) async throws -> RowSet? {
    let loaded = entry.loaded
    let wanted = try await Where(arguments, session.workspace)?.rowSet(in: loaded)
    guard arguments.flag("exclude-self") else { return wanted }
    var rows = wanted ?? RowSet(capacity: loaded.ids.count, rows: loaded.ids.indices)
    let copies = try session.workspace.rows(
      withContent: terms.ownHashes, in: loaded.space.collection)
    for row in terms.ownIDs.compactMap({ loaded.row(of: $0) })
      + copies.compactMap({ loaded.row(of: $0) })
    {
      rows.remove(row)
    }
    return rows
  }

  private static func footer(
    _ result: QueryResult, embed: Double, search: Double
  ) -> [String] {
    var parts = [
      "\(Wording.count(result.table.rows.count)) of \(Wording.count(result.candidates, "image"))"
    ]
    if let scores = result.scores {
      parts.append(
        "scores \(Wording.score(scores.upperBound)) to \(Wording.score(scores.lowerBound))")
    }
    let total = Wording.milliseconds(embed + search)
    parts.append(
      "\(total) (embed \(Wording.milliseconds(embed)), search \(Wording.milliseconds(search)))")
    if result.method != "exact" { parts.append(result.method) }
    return parts
  }
}
