internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

extension Answer {
  /// The hits as rows: best first, one dimension under another; with the collection of each where
  /// several were asked.
  ///
  /// - Parameter names: what `--columns` asks for; empty for the usual ones.
  /// - Throws: `unknown-field`, about the parameter `columns`.
  func table(_ names: [String], in workspace: Workspace) throws -> Table {
    let tables = try rankings.map { try table(of: $0, names, in: workspace) }
    guard rankings.contains(where: { $0.dimension != nil }) else { return tables[0] }
    let rows = zip(rankings, tables).flatMap { ranking, table in
      table.rows.map { [ranking.dimension.map { Value($0) } ?? .null] + $0 }
    }
    return Table(
      columns: [.init("dimension", .integer, isKey: true)] + tables[0].columns, rows: rows)
  }

  private func table(
    of ranking: Ranking, _ names: [String], in workspace: Workspace
  ) throws -> Table {
    let tables = try spaces.indices.map { space in
      try ResultColumns(workspace: workspace, collection: spaces[space].collection)
        .table(of: ranking.hits.filter { $0.space == space }, after: rerankings, names)
    }
    return spaces.count == 1 ? tables[0] : merged(tables, ranking)
  }

  /// Fields that a collection does not have are empty in its rows.
  private func merged(_ tables: [Table], _ ranking: Ranking) -> Table {
    var columns = tables[0].columns
    for table in tables.dropFirst() {
      columns += table.columns.filter { other in !columns.contains { $0.name == other.name } }
    }
    let places = tables.map { table in
      columns.map { column in table.columns.firstIndex { $0.name == column.name } }
    }
    var next = [Int](repeating: 0, count: tables.count)
    let rows = ranking.hits.map { hit -> [Value] in
      let own = tables[hit.space].rows[next[hit.space]]
      next[hit.space] += 1
      return [.text(spaces[hit.space].collection.name)]
        + places[hit.space].map { $0.map { own[$0] } ?? .null }
    }
    return Table(columns: [.init("collection", .text, isKey: true)] + columns, rows: rows)
  }
}
