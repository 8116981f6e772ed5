package import ParallaxConditions
package import ParallaxCore

extension Workspace {
  /// The items for which the expression is true (not false, not unknown), ascending.
  ///
  /// Reads each field of the expression once; a field that was read before is still in memory while
  /// the workspace has not changed.
  ///
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression; `CancellationError`.
  package func rows(
    in collection: ItemCollection, matching expression: WhereExpression
  ) throws -> [ItemRecord.RowID] {
    let (condition, items, columns) = try read { connection in
      let catalog = try FieldCatalog(collection, connection)
      let condition = try expression.checked(against: catalog.field(of: expression))
      let (items, columns) = try readColumns(of: expression, in: collection, catalog, connection)
      return (condition, items, columns)
    }
    let verdict = try WhereEvaluator(count: items.count, columns: columns).verdict(on: condition)
    return items.indices.lazy.filter { verdict.isTrue(at: $0) }
      .map { ItemRecord.RowID(rawValue: items[$0]) }
  }

  /// For each of some bindings of an expression's parameters, the items for which it is true.
  ///
  /// Fields are read once for all of them; the time grows with bindings times items.
  ///
  /// - Parameter progress: is told how many bindings are done.
  /// - Returns: the ids of all items, and for each binding the places among them.
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression, with the binding they are
  ///   about; `CancellationError`.
  package func items(
    in collection: ItemCollection, matching expression: WhereExpression,
    binding bindings: [[String: Value]], progress: (Int) -> Void = { _ in }
  ) throws(BindingFailure) -> (ids: [ItemID], matches: [RowSet]) {
    var number = 0
    do {
      let (conditions, items, names, columns) = try read { connection in
        let catalog = try FieldCatalog(collection, connection)
        let conditions = try bindings.enumerated().map { place, values in
          number = place
          return try expression.checked(binding: values, against: catalog.field(of: expression))
        }
        let (items, columns) = try readColumns(of: expression, in: collection, catalog, connection)
        let names = try connection.rows(
          "SELECT name FROM item WHERE collection = ? ORDER BY id", [.integer(collection.rowID)]
        ) { ItemID($0.text(0)) }
        return (conditions, items, names, columns)
      }
      let evaluator = WhereEvaluator(count: items.count, columns: columns)
      var matches: [RowSet] = []
      matches.reserveCapacity(conditions.count)
      for (place, condition) in conditions.enumerated() {
        number = place
        let verdict = try evaluator.verdict(on: condition)
        matches.append(verdict.rows)
        progress(place + 1)
      }
      return (names, matches)
    } catch {
      throw BindingFailure(binding: number, error: error)
    }
  }

  /// What went wrong with one of several bindings.
  package struct BindingFailure: Error {
    package let binding: Int
    package let error: any Error
  }

  /// The keys of a collection's items, ascending, and the columns that an expression names.
  ///
  /// - Parameter own: fields that are not the collection's.
  func readColumns(
    of expression: WhereExpression, in collection: ItemCollection, _ catalog: FieldCatalog,
    _ connection: borrowing Connection, besides own: Set<String> = []
  ) throws -> (items: [Int64], columns: [String: WhereColumn]) {
    let reader = try ColumnReader(collection: collection.rowID, cache: whereColumns, connection)
    let items = try reader.items(connection)
    var columns: [String: WhereColumn] = [:]
    for name in Set(expression.fieldNames.map(\.name)).subtracting(own) {
      columns[name] = try reader.column(
        catalog.required(name, in: expression.form.option), named: name, of: items, connection)
    }
    return (items, columns)
  }

  /// Checks an expression against the fields that a collection has; parameters may have any value.
  ///
  /// - Parameter own: kinds of columns that stand before fields of the same name.
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression.
  package func check(
    _ expression: WhereExpression, in collection: ItemCollection,
    besides own: [String: ValueKind] = [:]
  ) throws {
    try read { connection in
      let catalog = try FieldCatalog(collection, connection)
      _ = try expression.checked(against: catalog.field(of: expression, besides: own))
    }
  }

  /// The rows of a loaded space for which the expression is true.
  ///
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression; `CancellationError`.
  package func rowSet(
    in loaded: LoadedSpace, matching expression: WhereExpression
  ) throws -> RowSet {
    loaded.rowSet(of: try rows(in: loaded.space.collection, matching: expression))
  }
}

extension FieldCatalog {
  /// What a condition must know of a field.
  func field(
    of expression: WhereExpression, besides own: [String: ValueKind] = [:]
  ) -> (String) throws -> WhereField {
    { name in
      if let kind = own[name] { return WhereField(kind: kind, isList: false) }
      do {
        let field = try required(name, in: expression.form.option)
        return WhereField(kind: field.kind, isList: field.isList)
      } catch var error as ParallaxError where error.code == .unknownField {
        error.hint = Suggestion.hint(for: name, among: own.keys.sorted()) ?? error.hint
        throw error
      }
    }
  }
}

/// Reads what a condition asks of a collection, unless it is in memory.
private struct ColumnReader {
  private let collection: Int64
  private let cache: WhereColumnCache
  /// Of what every item has; `nil` where no seals are kept.
  private let stamp: WhereColumnCache.Stamp?

  init(
    collection: Int64, cache: WhereColumnCache, _ connection: borrowing Connection
  ) throws {
    (self.collection, self.cache) = (collection, cache)
    stamp =
      try Seals.areKept(connection)
      ? WhereColumnCache.Stamp(
        items: try SealSum.kept(ofTable: "item", key: collection, connection),
        fields: try SealSum.kept(ofTable: "field", key: collection, connection)) : nil
  }

  /// The keys of the items, ascending.
  func items(_ connection: borrowing Connection) throws -> [Int64] {
    let column = try cache.column(.init(collection: collection), at: stamp) {
      let items = try connection.rows(
        "SELECT id FROM item WHERE collection = ?", [.integer(collection)]
      ) { $0.integer(0) }
      return WhereColumn(cells: .integers(items.sorted()), known: [])
    }
    guard case .integers(let items) = column.cells else { return [] }
    return items
  }

  func column(
    _ field: FieldCatalog.Resolved, named name: String, of items: [Int64],
    _ connection: borrowing Connection
  ) throws -> WhereColumn {
    var stamp = stamp
    if let key = field.rowID {
      stamp?.values = try SealSum.kept(ofTable: "metadata", key: key, connection)
    }
    return try cache.column(.init(collection: collection, field: name), at: stamp) {
      let statement = try connection.prepare(field.scan)
      try statement.bind(field.scanBindings)
      return field.isList
        ? try WhereColumn(readingLists: statement, of: items, kind: field.kind, field: name)
        : try WhereColumn(reading: statement, of: items, kind: field.kind, field: name)
    }
  }
}
