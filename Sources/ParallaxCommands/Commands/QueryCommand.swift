package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage

package enum QueryCommand: Command {
  package static let signature = CommandSignature(
    verb: "query", aliases: ["search", "find"], group: "Search",
    summary: "find the images nearest to texts, images or items",
    discussion: """
      Terms are combined as the weighted sum of their unit vectors: --text "at night"^0.7 \
      --image car.jpg^0.3. The --not- forms subtract, which is arithmetic on vectors, not a \
      logical not. The query is embedded with the identity of the space it searches.

      --where filters before the search, so that --top 20 means twenty that pass. The search is \
      exact; equal scores are ordered by item id.
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
      .list("columns", .field, placeholder: "NAME", help: "columns of the result"),
    ],
    examples: [
      "query photos@base --text \"red car at night\" --top 20",
      "query photos@base --text bridge --where \"year >= 2020 and city in ('Paris', 'Rome')\"",
      "query photos@base --like 00412 --top 10 --columns rank,id,score,caption",
    ], producesResult: true)

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let space = try session.space(arguments, object: "COLLECTION[@SPACE]")
    let entry = try await session.spaces.loading(
      space, from: session.workspace, progress: session.progress())
    let loaded = entry.loaded

    let clock = ContinuousClock()
    let started = clock.now
    var terms = QueryTerms(session: session, space: space, loaded: loaded)
    let vector = try await terms.vector(arguments)
    let embedMilliseconds = Clock.milliseconds(since: started)

    let searched = clock.now
    let allowed = try Where(arguments, session.workspace)?.rowSet(in: loaded)
    let hits = try entry.index.nearest(
      to: vector, count: arguments.integer("top") ?? 10, allowed: allowed,
      minimumScore: arguments.number("min-score").map { Float($0) })
    let searchMilliseconds = Clock.milliseconds(since: searched)

    let table = try ResultColumns(workspace: session.workspace, collection: space.collection)
      .table(
        of: hits.map { (loaded.items[$0.row], loaded.ids[$0.row], $0.score) },
        columns: arguments.list("columns"), arguments: arguments)
    let provenance = Provenance(
      command: arguments.canonical,
      spaces: [.init(name: space.reference, value: space.spec.identity)],
      inputs: terms.inputs,
      timings: [
        .init(step: "embed", milliseconds: embedMilliseconds),
        .init(step: "search", milliseconds: searchMilliseconds),
      ], collection: space.collection.name)
    let checked = session.prefixes.drain()
    return CommandOutput(
      .table(table), provenance: provenance,
      footer: footer(
        hits, of: allowed?.count ?? loaded.ids.count, embed: embedMilliseconds,
        search: searchMilliseconds), notes: checked.notes, warnings: checked.warnings)
  }

  private static func footer(
    _ hits: [SearchHit], of candidates: Int, embed: Double, search: Double
  ) -> [String] {
    var parts = ["\(Wording.count(hits.count)) of \(Wording.count(candidates)) images"]
    if let first = hits.first, let last = hits.last {
      parts.append("scores \(Wording.score(first.score))–\(Wording.score(last.score))")
    }
    let total = Wording.milliseconds(embed + search)
    parts.append(
      "\(total) (embed \(Wording.milliseconds(embed)), search \(Wording.milliseconds(search)))")
    return parts
  }
}
