package import CommandLanguage
internal import ParallaxCore
internal import ParallaxWorkbench

package struct ExplainCommand: Command {
  private static let result = ObjectKey.result
  private static let rank = ObjectKey<String?>.optional("RANK", .text)

  package static let signature = CommandSignature(
    verb: "explain", group: "Search", summary: "show what each term of a query gave to a score",
    discussion: """
      A score is the sum of its terms: each gives its weight times its cosine with the image, over \
      the length of the weighted sum. Without a rank every row is shown.
      """,
    objects: [result, rank],
    examples: ["explain red 3", "explain red"], acceptsResult: true, producesResult: true)

  private let result: String?
  private let rank: String?
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
    // By hand, a number alone is a rank of the last result.
    let isRankAlone =
      self.rank == nil && self.result.map { session.result(named: $0) == nil } ?? false
      && self.result.flatMap(Int.init) != nil
    let result = try session.result(isRankAlone ? nil : self.result, input, for: Self.self)
    guard let contributions = result.contributions,
      contributions.rows.count == result.table.rows.count
    else {
      throw ParallaxError(
        .unsupported, "'\(result.name)' has no scores that are sums of terms",
        hint: "'query' gives some, by cosine and without --fuse rrf")
    }
    let rank = isRankAlone ? self.result : self.rank
    let ranks = Self.ranks(of: result)
    let places =
      try rank.map { [try Self.place(of: $0, among: ranks)] } ?? Array(ranks.indices)
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
        command: canonical, collection: result.provenance.collection))
  }

  /// As its rows say, which keep their ranks when some are left out; from 1 where they say nothing.
  private static func ranks(of result: NamedResult) -> [Int] {
    let column = result.table.index(of: "rank")
    return result.table.rows.enumerated().map { place, row in
      if let column, case .integer(let rank) = row[column] { Int(rank) } else { place + 1 }
    }
  }

  private static func place(
    of text: String, among ranks: [Int]
  ) throws -> Int {
    if let rank = Int(text), let place = ranks.firstIndex(of: rank) { return place }
    let rule = ranks.max().map { "from \(ranks.min() ?? 1) to \($0)" } ?? "of no row"
    throw ParallaxError(
      .invalidValue, "a rank of this result is \(rule); got '\(text)'",
      parameter: Self.rank.parameter())
  }
}
