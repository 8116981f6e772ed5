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
    "where", .condition, placeholder: "EXPR", help: "condition on metadata fields")
  private static let least = OptionKey.single(
    "min-score", .number(), placeholder: "X", help: "leave lower scores out")
  private static let most = OptionKey.single(
    "max-score", .number(), placeholder: "X", help: "leave higher scores out")
  private static let top = OptionKey.single(
    "top", .integer(1...10_000), placeholder: "N", help: "at most N rows", short: "k")

  package static let signature = CommandSignature(
    verb: "filter", group: "Search", summary: "keep some rows of a result",
    discussion: "Ranks stay those of the result that was filtered.",
    objects: [result],
    options: [condition, least, most, top],
    examples: ["query photos@base --text sunset --top 50 | filter --min-score 0.25"],
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
    guard let shape, let condition else { return }
    guard let name = shape.collection else { throw Self.noImages(result ?? "_") }
    guard let collection = scope.settledCollection(name) else { return }
    try condition.attributed { try scope.session.workspace.check(condition, in: collection) }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let result = try session.result(self.result, input, for: Self.self)
    let rows = result.table.rows
    var kept = Array(rows.indices)
    if let least { kept = try Self.keep(kept, of: result, for: Self.least) { $0 >= least } }
    if let most { kept = try Self.keep(kept, of: result, for: Self.most) { $0 <= most } }
    if let condition {
      kept = try await Self.matching(condition, kept, result, session)
    }
    if let top { kept = Array(kept.prefix(top)) }
    var provenance = result.provenance
    provenance.command += " | " + canonical
    provenance.created = Clock.now()
    var output = CommandOutput(
      .table(result.table.replacing(rows: kept.map { rows[$0] })), provenance: provenance,
      footer: ["\(Wording.count(kept.count)) of \(Wording.count(rows.count, "row"))"])
    output.contributions = result.contributions.map { all in
      var some = all
      some.rows = kept.compactMap { all.rows.indices.contains($0) ? all.rows[$0] : nil }
      return some
    }
    return output
  }

  private static func keep(
    _ rows: [Int], of result: NamedResult, for option: some ArgumentKey,
    where passes: (Double) -> Bool
  ) throws -> [Int] {
    let column = try column("score", for: option, of: result)
    return rows.filter { row in
      if case .real(let score) = result.table.rows[row][column] { passes(score) } else { false }
    }
  }

  @MainActor private static func matching(
    _ condition: WhereExpression, _ kept: [Int], _ result: NamedResult, _ session: Session
  ) async throws -> [Int] {
    guard let name = result.provenance.collection else { throw noImages(result.name) }
    let column = try column("id", for: Self.condition, of: result)
    let collection = try session.workspace.collection(named: name)
    let workspace = session.workspace
    let allowed = try await offMainActor {
      try condition.attributed {
        Set(try workspace.rows(in: collection, matching: condition))
      }
    }
    let ids = kept.map { row in
      if case .text(let id) = result.table.rows[row][column] { ItemID(id) } else { ItemID("") }
    }
    let items = try session.workspace.items(named: ids, in: collection)
    return zip(kept, ids).filter { _, id in
      items[id].map { allowed.contains($0.rowID) } ?? false
    }.map(\.0)
  }

  private static func noImages(_ name: String) -> ParallaxError {
    ParallaxError(
      .unsupported, "'\(name)' is not a list of images; --where needs one",
      parameter: condition.parameter())
  }

  private static func column(
    _ name: String, for option: some ArgumentKey, of result: NamedResult
  ) throws -> Int {
    if let column = result.table.index(of: name) { return column }
    throw ParallaxError(
      .unsupported,
      "'\(result.name)' has no column '\(name)', which --\(option.name) needs",
      parameter: option.parameter())
  }
}
