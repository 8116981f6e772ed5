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
    let (verdict, items) = try verdict(in: collection, matching: expression)
    return items.keys(where: verdict.bits).map { ItemRecord.RowID(rawValue: $0) }
  }

  /// The rows of a loaded space for which the expression is true.
  ///
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression; `CancellationError`.
  package func rowSet(
    in loaded: LoadedSpace, matching expression: WhereExpression
  ) throws -> RowSet {
    let (verdict, items) = try verdict(in: loaded.space.collection, matching: expression)
    return items.rows(of: loaded.items, where: verdict.bits)
  }

  private func verdict(
    in collection: ItemCollection, matching expression: WhereExpression
  ) throws -> (verdict: WhereVerdict, items: ItemKeys) {
    let (condition, read) = try readColumns(of: expression, in: collection) { catalog, _ in
      try expression.checked(against: catalog.field(of: expression))
    }
    return (try read.verdict(on: condition), read.items)
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
      let (found, read) = try readColumns(of: expression, in: collection) { catalog, connection in
        let conditions = try bindings.enumerated().map { place, values in
          number = place
          return try expression.checked(binding: values, against: catalog.field(of: expression))
        }
        let names = try connection.rows(
          "SELECT name FROM item WHERE collection = ? ORDER BY id", [.integer(collection.rowID)]
        ) { ItemID($0.text(0)) }
        return (conditions: conditions, names: names)
      }
      let evaluator = WhereEvaluator(count: read.items.count, columns: read.columns)
      var matches: [RowSet] = []
      matches.reserveCapacity(found.conditions.count)
      for (place, condition) in found.conditions.enumerated() {
        number = place
        let verdict = try evaluator.verdict(on: condition)
        matches.append(verdict.rows)
        progress(place + 1)
      }
      return (found.names, matches)
    } catch {
      throw BindingFailure(binding: number, error: error)
    }
  }

  /// What went wrong with one of several bindings.
  package struct BindingFailure: Error {
    package let binding: Int
    package let error: any Error
  }

  /// Checks an expression against the fields that a collection has; parameters may have any value.
  ///
  /// - Parameter own: columns that stand before fields of the same name.
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression.
  package func check(
    _ expression: WhereExpression, in collection: ItemCollection,
    besides own: [String: WhereField] = [:]
  ) throws {
    _ = try checked(expression, in: collection, besides: own)
  }

  /// The condition to evaluate, for whoever evaluates it elsewhere; throws as ``check(_:in:besides:)``.
  package func checked(
    _ expression: WhereExpression, in collection: ItemCollection,
    besides own: [String: WhereField] = [:]
  ) throws -> WhereNode {
    try read { connection in
      let catalog = try FieldCatalog(collection, connection)
      return try expression.checked(against: catalog.field(of: expression, besides: own))
    }
  }
}

extension FieldCatalog {
  /// What a condition must know of a field.
  func field(
    of expression: WhereExpression, besides own: [String: WhereField] = [:]
  ) -> (String) throws -> WhereField {
    { name in
      if let field = own[name] { return field }
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
