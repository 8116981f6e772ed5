internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxSearch
internal import ParallaxStorage
internal import ParallaxWorkbench

/// What one space, or one dimension of it, answered.
struct QueryPart {
  let entry: SearchableSpace
  /// Rows that could have been answered.
  let candidates: Int
  let found: QueryRanking.Found
  /// `nil` for the space's own.
  var dimension: Int?
}

/// One table of what several spaces or dimensions answered.
@MainActor
struct QueryResult {
  let table: Table
  let candidates: Int
  /// `nil` without hits.
  let scores: ClosedRange<Float>?
  let method: String
  let contributions: Contributions?

  /// - Throws: `unknown-field`, pointing at `--columns`.
  init(_ parts: [QueryPart], _ arguments: Arguments, _ session: Session) throws {
    let tables = try parts.map { part in
      try ResultColumns(
        workspace: session.workspace, collection: part.entry.loaded.space.collection
      ).table(
        of: part.found.hits.map {
          (part.entry.loaded.items[$0.row], part.entry.loaded.ids[$0.row], $0.score)
        }, arguments)
    }
    let isByDimension = parts.contains { $0.dimension != nil }
    candidates =
      isByDimension ? parts[0].candidates : parts.reduce(0) { $0 + $1.candidates }
    let all = parts.flatMap { $0.found.hits.map(\.score) }
    scores = all.min().flatMap { least in all.max().map { least...$0 } }
    method = parts[0].found.method
    if isByDimension {
      table = Self.stacked(parts, tables)
      contributions = nil
    } else if parts.count > 1 {
      (table, contributions) = Self.merged(parts, tables, top: arguments.integer("top") ?? 10)
    } else {
      table = tables[0]
      contributions = parts[0].found.contributions
    }
  }

  /// One dimension under another.
  private static func stacked(_ parts: [QueryPart], _ tables: [Table]) -> Table {
    let rows = zip(parts, tables).flatMap { part, table in
      table.rows.map { [part.dimension.map { Value($0) } ?? .null] + $0 }
    }
    return Table(
      columns: [.init("dimension", .integer, isKey: true)] + tables[0].columns, rows: rows)
  }

  /// The best of all spaces: by score, then in the order in which the spaces were named.
  private static func merged(
    _ parts: [QueryPart], _ tables: [Table], top: Int
  ) -> (Table, Contributions?) {
    // Fields that a collection does not have are empty in its rows.
    var columns = tables[0].columns
    for table in tables.dropFirst() {
      columns += table.columns.filter { other in !columns.contains { $0.name == other.name } }
    }
    let places = tables.map { table in
      columns.map { column in table.columns.firstIndex { $0.name == column.name } }
    }
    let order = parts.indices.flatMap { part in
      parts[part].found.hits.indices.map { (part: part, hit: $0) }
    }.sorted { left, right in
      let scores = [left, right].map { parts[$0.part].found.hits[$0.hit].score }
      return scores[0] != scores[1]
        ? scores[0] > scores[1] : (left.part, left.hit) < (right.part, right.hit)
    }.prefix(top)
    let rank = columns.firstIndex { $0.name == "rank" }
    let rows = order.enumerated().map { number, place in
      let own = tables[place.part].rows[place.hit]
      var row = places[place.part].map { $0.map { own[$0] } ?? .null }
      if let rank { row[rank] = Value(number + 1) }
      return [.text(parts[place.part].entry.loaded.space.collection.name)] + row
    }
    let given = parts.compactMap(\.found.contributions)
    let contributions =
      given.count == parts.count
      ? Contributions(
        terms: given[0].terms, weights: given[0].weights,
        rows: order.map { given[$0.part].rows[$0.hit] }) : nil
    return (
      Table(columns: [.init("collection", .text, isKey: true)] + columns, rows: rows),
      contributions
    )
  }
}
