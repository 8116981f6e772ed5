package import CommandLanguage
internal import ParallaxCore
internal import ParallaxWorkbench

package struct ExplainCommand: Command {
  private static let result = ObjectKey.result
  private static let which = ObjectKey<String?>.optional("RANK|QUERY", .text)

  package static let signature = CommandSignature(
    verb: "explain", group: "Search",
    summary: "show what each term of a query contributed to a score",
    discussion: """
      A score is the sum of its terms: each contributes its weight times its cosine with the \
      image, divided by the length of the weighted sum. Without a rank, every row is shown. Of a run \
      ('query --queries'), name the question that is explained.
      """,
    objects: [result, which],
    examples: ["explain red 3", "explain red", "explain q q17"], acceptsResult: true,
    producesResult: true)

  private let result: String?
  /// A rank, or the id of a question.
  private let which: String?
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    result = try arguments[Self.result]
    which = try arguments[Self.which]
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    let shape = scope.results.shape(of: result)
    scope.results.make(shape.map { .init(collections: $0.collections) })
    guard shape?.kind == .ranking, let which, (Int(which) ?? 0) < 1 else { return }
    throw ParallaxError(
      .invalidValue, "'explain' takes a rank, a whole number of at least 1; got '\(which)'",
      parameter: Self.which.parameter())
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let result = try session.result(self.result, input, for: Self.self)
    let events = EventCollector(session.console)
    let rows: [[Value]] =
      switch result.content {
      case .run(let run): try await rows(of: run, session, events.handler)
      case .ranking(let answer): try rows(of: answer, named: result.name)
      case .table: throw Self.noSums(result.name)
      }
    return CommandOutput(
      .table(
        Table(
          columns: [
            .init("rank", .integer, isKey: true), .init("id", .text, isKey: true),
            .init("term", .text), .init("weight", .real), .init("contribution", .real),
          ], rows: rows)),
      provenance: Provenance(
        command: canonical, collection: result.provenance.collection),
      notes: events.notes, warnings: events.warnings)
  }

  private func rows(of answer: Answer, named name: String) throws -> [[Value]] {
    guard answer.rankings.count == 1, let contributions = answer.rankings[0].contributions else {
      throw Self.noSums(name)
    }
    let hits = answer.hits
    let places = try which.map { [try Self.place(of: $0, among: hits)] } ?? Array(hits.indices)
    return places.flatMap { place in
      Self.rows(hits[place].rank, hits[place].id, contributions, contributions.rows[place])
    }
  }

  @MainActor private func rows(
    of run: SystemRun, _ session: Session, _ handler: @escaping EventHandler
  ) async throws -> [[Value]] {
    guard let which else {
      throw ParallaxError(
        .missingObject, "'explain' of a run needs the id of a question",
        hint: run.lists.first.map { "such as 'explain \(result ?? "_") \($0.question)'" })
    }
    do {
      let (hits, contributions) = try await session.bench.contributions(
        to: which, in: run, budget: session.budget, handler)
      return zip(hits, contributions.rows).flatMap { hit, row in
        Self.rows(hit.rank, hit.id, contributions, row)
      }
    } catch let error as ParallaxError where error.code == .unknownName {
      throw error.about(Self.which.parameter())
    }
  }

  private static func rows(
    _ rank: Int, _ id: ItemID, _ contributions: Contributions, _ row: [Double]
  ) -> [[Value]] {
    contributions.terms.indices.map { term in
      [
        Value(rank), .text(id.rawValue), .text(contributions.terms[term]),
        .real(contributions.weights[term]), .real(row[term]),
      ]
    }
  }

  private static func noSums(_ name: String) -> ParallaxError {
    ParallaxError(
      .unsupported, "'\(name)' has no scores that are sums of terms",
      hint: "'query' gives some, by cosine and without --fuse rrf")
  }

  private static func place(of rank: String, among hits: [Answer.Hit]) throws -> Int {
    if let number = Int(rank), let place = hits.firstIndex(where: { $0.rank == number }) {
      return place
    }
    let ranks = hits.map(\.rank)
    let rule = ranks.max().map { "from \(ranks.min() ?? 1) to \($0)" } ?? "of no row"
    throw ParallaxError(
      .invalidValue, "a rank of this result is \(rule); got '\(rank)'",
      parameter: Self.which.parameter())
  }
}
