package import CommandLanguage
internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package enum FilterCommand: Command {
  package static let signature = CommandSignature(
    verb: "filter", group: "Search", summary: "keep some rows of a result",
    discussion: "Ranks stay those of the result that was filtered.",
    objects: [ObjectSpec("RESULT", .result, .optionalByHand)],
    options: [
      .single("where", .expression, placeholder: "EXPR", help: "condition on metadata fields"),
      .single("min-score", .number(nil), placeholder: "X", help: "leave lower scores out"),
      .single("max-score", .number(nil), placeholder: "X", help: "leave higher scores out"),
      .single("top", .integer(1...10_000), placeholder: "N", help: "at most N rows", short: "k"),
    ],
    examples: ["query photos@base --text sunset --top 50 | filter --min-score 0.25"],
    acceptsResult: true, producesResult: true)

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let result = try session.result(arguments, input: input)
    let rows = result.table.rows
    var kept = Array(rows.indices)
    for (option, keeps) in [("min-score", { $0 >= $1 }), ("max-score", { $0 <= $1 })]
      as [(String, (Double, Double) -> Bool)]
    {
      guard let bound = arguments.number(option) else { continue }
      let column = try column("score", for: option, of: result, arguments)
      kept = kept.filter { row in
        if case .real(let score) = rows[row][column] { keeps(score, bound) } else { false }
      }
    }
    if let condition = try WhereExpression(arguments) {
      kept = try await matching(condition, kept, result, arguments, session)
    }
    if let top = arguments.integer("top") { kept = Array(kept.prefix(top)) }
    var provenance = result.provenance
    provenance.command += " | " + arguments.canonical
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

  private static func matching(
    _ condition: WhereExpression, _ kept: [Int], _ result: NamedResult, _ arguments: Arguments,
    _ session: Session
  ) async throws -> [Int] {
    guard let name = result.provenance.collection else {
      throw arguments.error(
        atOption: "where", .unsupported,
        "'\(result.name)' is not a list of images; --where needs one")
    }
    let column = try column("id", for: "where", of: result, arguments)
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

  private static func column(
    _ name: String, for option: String, of result: NamedResult, _ arguments: Arguments
  ) throws -> Int {
    if let column = result.table.index(of: name) { return column }
    throw arguments.error(
      atOption: option, .unsupported,
      "'\(result.name)' has no column '\(name)', which --\(option) needs")
  }
}
