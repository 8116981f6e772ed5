package import CommandLanguage
internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct FilterCommand: Command {
  private static let result = ObjectKey.result
  private static let condition = OptionKey.single(
    "where", .condition, placeholder: "EXPR", help: "condition on metadata fields, or on columns")
  private static let least = OptionKey.single(
    "min-score", .number(), placeholder: "X", help: "omit lower scores")
  private static let most = OptionKey.single(
    "max-score", .number(), placeholder: "X", help: "omit higher scores")
  private static let top = OptionKey.single(
    "top", .integer(1...10_000), placeholder: "N",
    help: "at most N rows, of a run for each question", short: "k")

  package static let signature = CommandSignature(
    verb: "filter", group: "Search", summary: "keep some rows of a result",
    discussion: """
      Rows keep their ranks from the original result. Of answers and runs ('query'), the condition is on metadata \
      fields. Of every other table it may name the columns, which stand before fields of the same name; where the rows \
      are images, their fields, too. A column whose name is no word stands in double quotes.
      """,
    objects: [result],
    options: [condition, least, most, top],
    examples: [
      "query photos@base --text sunset --top 50 | filter --min-score 0.25",
      "filter dups --where \"action = 'would go' and score < 0.98\"",
      "filter g --where \"decision = 'reject' and not copy\"",
    ],
    acceptsResult: true, producesResult: true)

  private let result: String?
  private let condition: WhereExpression?
  private let least: Double?
  private let most: Double?
  private let top: Int?
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    result = try arguments[Self.result]
    condition = try arguments[Self.condition]
    least = try arguments[Self.least]
    most = try arguments[Self.most]
    top = try arguments[Self.top]
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    let shape = scope.results.shape(of: result)
    scope.results.make(shape)
    guard let shape, let condition, shape.kind != .other else { return }
    for collection in shape.collections.compactMap(scope.settledCollection) {
      let columns = Dictionary(
        shape.columns.map { ($0.name, WhereField(kind: $0.kind, isList: false)) },
        uniquingKeysWith: { first, _ in first })
      try condition.attributed {
        try scope.session.workspace.check(condition, in: collection, besides: columns)
      }
    }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let result = try session.result(self.result, input, for: Self.self)
    var kept = Array(result.table.rows.indices)
    if let least { kept = try Self.keep(kept, of: result, for: Self.least) { $0 >= least } }
    if let most { kept = try Self.keep(kept, of: result, for: Self.most) { $0 <= most } }
    if let condition {
      kept = try await Self.matching(condition, kept, of: result, session.workspace)
    }
    if let top { kept = Self.first(top, of: kept, in: result) }
    var provenance = result.provenance
    provenance.command += " | " + canonical
    provenance.created = Clock.now()
    let content: ResultContent =
      switch result.content {
      case .table, .evaluation, .difference, .gate: .table
      case .run(let run): .run(run.keeping(kept))
      case .ranking(let answer): .ranking(answer.keeping(kept))
      case .groups(let listing): .groups(listing.keeping(kept))
      case .judgements(let listing): .judgements(listing.keeping(kept))
      }
    let (rows, count) = (result.table.rows, result.table.rows.count)
    return CommandOutput(
      .table(result.table.replacing(rows: rows.keeping(kept))), content: content,
      provenance: provenance,
      footer: ["\(Wording.count(kept.count)) of \(Wording.count(count, "row"))"])
  }

  private static func keep(
    _ rows: [Int], of result: NamedResult, for option: some ArgumentKey,
    where passes: (Double) -> Bool
  ) throws -> [Int] {
    switch result.content {
    case .ranking(let answer):
      let hits = answer.hits
      return rows.filter { hits[$0].shownScore.map(passes) ?? false }
    case .run(let run):
      let scores = run.lists.flatMap { $0.hits.map(\.shownScore) }
      return rows.filter { scores[$0].map(passes) ?? false }
    case .groups(let listing):
      guard listing.found.request.basis.isCosine else {
        throw ParallaxError(
          .unsupported, "'\(result.name)' has no scores: it compares pictures, not vectors",
          hint: "--where takes its columns, such as \"hash_distance <= 4\"",
          parameter: option.parameter())
      }
      let scores = listing.scores
      return rows.filter { scores[$0].map(passes) ?? false }
    case .table, .evaluation, .difference, .gate, .judgements:
      throw ParallaxError(
        .unsupported, "'\(result.name)' has no scores, which --\(option.name) needs",
        parameter: option.parameter())
    }
  }

  /// The first of some rows, of a run the first of each question.
  private static func first(_ top: Int, of rows: [Int], in result: NamedResult) -> [Int] {
    guard case .run(let run) = result.content else { return Array(rows.prefix(top)) }
    var (kept, rest, end) = ([Int](), rows[...], 0)
    for list in run.lists {
      end += list.hits.count
      let own = rest.prefix { $0 < end }
      kept += own.prefix(top)
      rest = rest.dropFirst(own.count)
    }
    return kept
  }

  /// The rows that fulfil a condition.
  @MainActor private static func matching(
    _ condition: WhereExpression, _ rows: [Int], of result: NamedResult, _ workspace: Workspace
  ) async throws -> [Int] {
    switch result.content {
    case .ranking, .run: break
    case .table, .evaluation, .difference, .gate, .groups, .judgements:
      let passing = try await offMainActor {
        Set(try condition.attributed { try result.places(matching: condition, in: workspace) })
      }
      return rows.filter(passing.contains)
    }
    let items = try result.items(for: Self.condition)
    return try await offMainActor {
      var passing: Set<Int> = []
      for name in Set(items.map(\.collection)) {
        let collection = try workspace.collection(named: name)
        let own = rows.filter { items[$0].collection == name }
        let known = try workspace.rowIDs(of: own.map { items[$0].id }, in: collection)
        let there = zip(own, known).compactMap { row, item in item.map { (row: row, item: $0) } }
        let places = try condition.attributed {
          try workspace.places(
            of: there.map(\.item), in: collection, matching: condition, besides: [])
        }
        passing.formUnion(places.map { there[$0].row })
      }
      return rows.filter(passing.contains)
    }
  }
}
