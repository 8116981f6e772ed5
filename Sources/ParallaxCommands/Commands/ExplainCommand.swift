package import CommandLanguage
internal import ParallaxCore

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
    let ranks =
      try rank.map { [try row($0, of: contributions, arguments)] }
      ?? Array(contributions.rows.indices)
    let id = result.table.columns.firstIndex { $0.name == "id" }
    let rows = ranks.flatMap { place in
      contributions.terms.indices.map { term -> [Value] in
        [
          Value(place + 1), id.map { result.table.rows[place][$0] } ?? .null,
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

  private static func row(
    _ text: String, of contributions: Contributions, _ arguments: Arguments
  ) throws -> Int {
    let count = contributions.rows.count
    guard let rank = Int(text), (1...max(1, count)).contains(rank), count > 0 else {
      throw arguments.error(
        atObject: "RANK", .invalidValue,
        "a rank of this result is from 1 to \(count); got '\(text)'")
    }
    return rank - 1
  }
}
