package import ParallaxCore

extension Workspace {
  /// The items for which the expression is true (not false, not unknown).
  ///
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression.
  package func rows(
    in collection: ItemCollection, matching expression: WhereExpression
  ) throws -> Set<ItemRecord.RowID> {
    try read { connection in
      let catalog = try FieldCatalog(collection, connection)
      var compiler = WhereCompiler(expression, catalog: catalog)
      let condition = try compiler.condition()
      let sql = "SELECT i.id FROM item AS i WHERE i.collection = ? AND (\(condition))"
      do {
        let key = SQLValue.integer(collection.rowID)
        return Set(
          try connection.rows(sql, [key] + compiler.bindings) {
            ItemRecord.RowID(rawValue: $0.integer(0))
          })
      } catch let error as SQLiteError where error.isPlainError {
        throw Self.tooComplex(expression, error)
      }
    }
  }

  /// The rows of a loaded space for which the expression is true.
  ///
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression.
  package func rowSet(
    in loaded: LoadedSpace, matching expression: WhereExpression
  ) throws -> RowSet {
    loaded.rowSet(of: try rows(in: loaded.space.collection, matching: expression))
  }

  /// The condition is well formed by construction: what SQLite refuses exceeds one of its limits.
  private static func tooComplex(
    _ expression: WhereExpression, _ cause: SQLiteError
  ) -> ParallaxError {
    ParallaxError(
      .whereSyntax, "--where is too complex", hint: "filter in two steps",
      location: .inWhere(expression.text, 0..<expression.text.utf8.count), cause: cause)
  }
}
