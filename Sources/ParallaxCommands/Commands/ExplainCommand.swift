package import CommandLanguage
internal import ParallaxCore
internal import ParallaxWorkbench

package struct ExplainCommand: Command {
  private static let result = ObjectKey.result
  private static let rank = ObjectKey<Int?>.optional("RANK", .integer(1...Int.max))

  package static let signature = CommandSignature(
    verb: "explain", group: "Search",
    summary: "show what each term of a query contributed to a score",
    discussion: """
      A score is the sum of its terms: each contributes its weight times its cosine with the \
      image, divided by the length of the weighted sum. Without a rank, every row is shown.
      """,
    objects: [result, rank],
    examples: ["explain red 3", "explain red"], acceptsResult: true, producesResult: true)

  private let result: String?
  private let rank: Int?
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    result = try arguments[Self.result]
    rank = try arguments[Self.rank]
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.results.make(scope.results.shape(of: result))
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let result = try session.result(self.result, input, for: Self.self)
    guard case .ranking(let answer) = result.content, answer.rankings.count == 1,
      let contributions = answer.rankings[0].contributions
    else {
      throw ParallaxError(
        .unsupported, "'\(result.name)' has no scores that are sums of terms",
        hint: "'query' gives some, by cosine and without --fuse rrf")
    }
    let hits = answer.hits
    let places = try rank.map { [try Self.place(of: $0, among: hits)] } ?? Array(hits.indices)
    let rows = places.flatMap { place in
      contributions.terms.indices.map { term -> [Value] in
        [
          Value(hits[place].rank), .text(hits[place].id.rawValue),
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
        command: canonical, collection: result.provenance.collection))
  }

  private static func place(of rank: Int, among hits: [Answer.Hit]) throws -> Int {
    if let place = hits.firstIndex(where: { $0.rank == rank }) { return place }
    let ranks = hits.map(\.rank)
    let rule = ranks.max().map { "from \(ranks.min() ?? 1) to \($0)" } ?? "of no row"
    throw ParallaxError(
      .invalidValue, "a rank of this result is \(rule); got '\(rank)'",
      parameter: Self.rank.parameter())
  }
}
