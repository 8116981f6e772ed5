internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

extension NamedResult {
  /// The rows for which a condition holds that may name columns, and, where rows are items, their fields.
  ///
  /// - Returns: places, ascending.
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the condition; `CancellationError`.
  func places(matching condition: WhereExpression, in workspace: Workspace) throws -> [Int] {
    // Of groups also columns that are not shown.
    let table = if case .groups(let listing) = content { listing.table } else { table }
    let columns = table.columns.enumerated().map { place, column in
      Workspace.RowColumn(column.name, column.kind, table.rows.map { $0[place] })
    }
    let names = Set(condition.fieldNames.map(\.name))
    guard !names.isSubset(of: Set(columns.map(\.name))), let items = try itemsOfRows(workspace)
    else {
      return try Workspace.places(among: table.rows.count, of: columns, matching: condition)
    }
    return try workspace.places(
      of: items.rows, in: items.collection, matching: condition, besides: columns)
  }

  /// The items that rows are about; `nil` where they are about none.
  private func itemsOfRows(
    _ workspace: Workspace
  ) throws -> (collection: ItemCollection, rows: [ItemRecord.RowID])? {
    if case .groups(let listing) = content {
      return (listing.found.collection, listing.items.map(\.rowID))
    }
    guard case .table = content, let name = provenance.collection,
      let column = table.index(of: "id")
    else { return nil }
    let collection = try workspace.collection(named: name)
    let ids = table.rows.map { ItemID($0[column].plainText) }
    // No item has the key of one that is gone.
    let gone = ItemRecord.RowID(rawValue: 0)
    return (collection, try workspace.rowIDs(of: ids, in: collection).map { $0 ?? gone })
  }
}
