package import ParallaxConditions
package import ParallaxCore

extension Workspace {
  /// A column of rows that are about items, beside the fields of these.
  package struct RowColumn: Sendable {
    package var name: String
    package var kind: ValueKind
    /// One a row; what is of another kind counts as missing.
    package var values: [Value]

    package init(_ name: String, _ kind: ValueKind, _ values: [Value]) {
      self.name = name
      self.kind = kind
      self.values = values
    }
  }

  /// The rows for which an expression is true that names their own columns, and fields of their items.
  ///
  /// - Parameters:
  ///   - items: of each row; one that is no longer there fulfils nothing.
  ///   - own: stand before fields of the same name.
  /// - Returns: places, ascending.
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression; `CancellationError`.
  package func places(
    of items: [ItemRecord.RowID], in collection: ItemCollection,
    matching expression: WhereExpression, besides own: [RowColumn]
  ) throws -> [Int] {
    let names = Set(own.map(\.name))
    let kinds = Dictionary(own.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
    let (condition, read) = try readColumns(of: expression, in: collection, besides: names) {
      catalog, _ in
      try expression.checked(against: catalog.field(of: expression, besides: kinds))
    }
    let there = items.indices.compactMap { row in
      read.items.position(of: items[row].rawValue).map { (row: row, position: $0) }
    }
    var gathered = read.columns.mapValues { $0.gathered(there.map(\.position)) }
    for column in own {
      gathered[column.name] = WhereColumn(there.map { column.values[$0.row] }, column.kind)
    }
    let verdict = try WhereEvaluator(count: there.count, columns: gathered).verdict(on: condition)
    return there.indices.filter { verdict.isTrue(at: $0) }.map { there[$0].row }
  }
}
