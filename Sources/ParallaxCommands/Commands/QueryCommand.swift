package import CommandLanguage
internal import ParallaxConditions
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
    _ = try Query(arguments)
    if arguments.given("dims"), arguments.given("also") {
      throw arguments.error(
        atOption: "also", .usage,
        "--dims compares every row of one space; --also is no part of that")
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
    if let condition = try WhereExpression(arguments) {
      try condition.attributed {
        try scope.session.workspace.check(condition, in: collection)
      }
    }
    if !arguments.given("also") {
      try ResultColumns(workspace: scope.session.workspace, collection: collection)
        .check(arguments.list("columns"))
    }
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    var query = try Query(arguments)
    query.recallFloor = session.settings.number("index.floor")
    let spaces =
      try [session.space(arguments, object: "COLLECTION[@SPACE]")]
      + arguments.list("also").enumerated().map { index, name in
        try attributing(to: .init(name: "also", index: index)) {
          try session.bench.space(SpaceReference(name))
        }
      }
    let events = EventCollector(session.console)
    let answer = try await session.bench.answer(
      query, in: spaces, budget: session.budget, events.handler)
    let table = try answer.table(arguments.list("columns"), in: session.workspace)
    var output = CommandOutput(
      .table(table), provenance: answer.provenance(command: arguments.canonical),
      footer: footer(answer, rows: table.rows.count), notes: events.notes,
      warnings: events.warnings)
    output.contributions = answer.rankings.count == 1 ? answer.rankings[0].contributions : nil
    return output
  }

  private static func footer(_ answer: Answer, rows: Int) -> [String] {
    var parts = ["\(Wording.count(rows)) of \(Wording.count(answer.candidates, "image"))"]
    if let scores = answer.scores {
      parts.append(
        "scores \(Wording.score(scores.upperBound)) to \(Wording.score(scores.lowerBound))")
    }
    let (embed, search) = (answer.embedding, answer.searching)
    parts.append(
      "\(Wording.milliseconds(embed + search)) (embed \(Wording.milliseconds(embed)), "
        + "search \(Wording.milliseconds(search)))")
    if answer.method != "exact" { parts.append(answer.method) }
    return parts
  }
}
