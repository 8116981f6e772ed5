package import ParallaxConditions
package import ParallaxCore

extension Workspace {
  /// A column of rows, which may be about items: then it stands beside the fields of these.
  package struct RowColumn: Sendable {
    package var name: String
    package var kind: ValueKind
    /// One a row, a list among them; what is of another kind counts as missing.
    package var values: [Value]

    package init(_ name: String, _ kind: ValueKind, _ values: [Value]) {
      self.name = name
      self.kind = kind
      self.values = values
    }

    fileprivate var field: WhereField {
      WhereField(
        kind: kind,
        isList: values.contains { value in if case .list = value { true } else { false } })
    }
  }

  /// The rows for which an expression is true that names nothing but their columns.
  ///
  /// - Parameter columns: all with a value a row; of equal names the first counts.
  /// - Returns: places, ascending.
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression; `CancellationError`.
  package static func places(
    among count: Int, of columns: [RowColumn], matching expression: WhereExpression
  ) throws -> [Int] {
    let own = Dictionary(columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let condition = try expression.checked { name in
      guard let column = own[name] else {
        throw ParallaxError(
          .unknownField, "there is no column '\(name)'",
          hint: Suggestion.hint(for: name, among: own.keys.sorted())
            ?? "the columns are \(columns.map(\.name).joined(separator: ", "))")
      }
      return column.field
    }
    let named = Set(expression.fieldNames.map(\.name))
    let cells = own.filter { named.contains($0.key) }
      .mapValues { WhereColumn($0.values, $0.kind) }
    let verdict = try WhereEvaluator(count: count, columns: cells).verdict(on: condition)
    return (0..<count).filter { verdict.isTrue(at: $0) }
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
    let fields = Dictionary(
      own.map { ($0.name, $0.field) }, uniquingKeysWith: { first, _ in first })
    let (condition, read) = try readColumns(of: expression, in: collection, besides: names) {
      catalog, _ in
      try expression.checked(against: catalog.field(of: expression, besides: fields))
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
