package import ParallaxCore

extension Workspace {
  // MARK: Where

  /// The items for which the expression is true (not false, not unknown).
  ///
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression.
  package func rows(
    in collection: ItemCollection, matching expression: WhereExpression
  ) throws -> Set<ItemRecord.RowID> { throw pending }

  /// The rows of a loaded space for which the expression is true.
  package func rowSet(
    in loaded: LoadedSpace, matching expression: WhereExpression
  ) throws -> RowSet { throw pending }

  private var pending: ParallaxError { ParallaxError(.internalError, "not written yet") }
}
