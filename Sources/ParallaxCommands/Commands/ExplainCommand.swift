package import CommandLanguage
internal import ParallaxCore
internal import ParallaxWorkbench

package enum ExplainCommand: Command {
  package static let signature = CommandSignature(
    verb: "explain", group: "Search", summary: "show what each term of a query gave to a score",
    discussion: """
      A score is the sum of its terms: each gives its weight times its cosine with the image, over \
      the length of the weighted sum. Without a rank every row is shown.
      """,
    objects: [
      ObjectSpec("RESULT", .result, .optionalByHand), ObjectSpec("RANK", .text, .optional),
    ],
    examples: ["explain red 3", "explain red"], acceptsResult: true, producesResult: true)

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    // By hand, a number alone is a rank of the last result.
    let first = arguments.object("RESULT")
    let isRankAlone =
      arguments.object("RANK") == nil && first.map { session.result(named: $0) == nil } ?? false
      && first.flatMap(Int.init) != nil
    let result =
      isRankAlone
      ? try session.lastResult(arguments, input: input)
      : try session.result(arguments, input: input)
    guard let contributions = result.contributions,
      contributions.rows.count == result.table.rows.count
    else {
      throw arguments.error(
        .unsupported, "'\(result.name)' has no scores that are sums of terms",
        hint: "'query' gives some, by cosine and without --fuse rrf")
    }
    let rank = isRankAlone ? first : arguments.object("RANK")
    let ranks = ranks(of: result)
    let places =
      try rank.map { [try place(of: $0, among: ranks, arguments)] } ?? Array(ranks.indices)
    let id = result.table.columns.firstIndex { $0.name == "id" }
    let rows = places.flatMap { place in
      contributions.terms.indices.map { term -> [Value] in
        [
          Value(ranks[place]), id.map { result.table.rows[place][$0] } ?? .null,
          .text(contributions.terms[term]), .real(contributions.weights[term]),
          .real(contributions.rows[place][term]),
        ]
      }
    }
    return CommandOutput(
      .table(
        Table(
          columns: [
            .init("rank", .integer, isKey: true), .init("id", .text, isKey: true),
            .init("term", .text), .init("weight", .real), .init("contribution", .real),
          ], rows: rows)),
      provenance: Provenance(
        command: arguments.canonical, collection: result.provenance.collection))
  }

  /// As its rows say, which keep their ranks when some are left out; from 1 where they say nothing.
  private static func ranks(of result: NamedResult) -> [Int] {
    let column = result.table.index(of: "rank")
    return result.table.rows.enumerated().map { place, row in
      if let column, case .integer(let rank) = row[column] { Int(rank) } else { place + 1 }
    }
  }

  private static func place(
    of text: String, among ranks: [Int], _ arguments: Arguments
  ) throws -> Int {
    if let rank = Int(text), let place = ranks.firstIndex(of: rank) { return place }
    let rule = ranks.max().map { "from \(ranks.min() ?? 1) to \($0)" } ?? "of no row"
    throw arguments.error(
      atObject: "RANK", .invalidValue, "a rank of this result is \(rule); got '\(text)'")
  }
}
