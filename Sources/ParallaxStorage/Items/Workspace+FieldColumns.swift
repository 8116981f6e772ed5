package import ParallaxCore

/// Values of all items of a collection, in the order of ids.
package struct FieldColumns: Sendable {
  package struct Column: Sendable {
    package let name: String
    package let kind: ValueKind
    /// One an item, of the kind; null where there is none, or one that does not fit the kind.
    package let values: [Value]
  }

  package let items: [ItemRecord.RowID]
  package let hashes: [ContentHash]
  package let columns: [Column]
}

extension Workspace {
  /// Metadata fields as columns, read of one state of the workspace.
  ///
  /// - Throws: `unknown-field`, `unsupported` for a field of lists, about the place of the name in `option`.
  package func fieldColumns(
    _ names: [String], of collection: ItemCollection, option: String
  ) throws -> FieldColumns {
    try read { connection in
      let key = SQLValue.integer(collection.rowID)
      let items = try connection.rows(
        "SELECT id, hash FROM item WHERE collection = ? ORDER BY name", [key]
      ) { (item: ItemRecord.RowID(rawValue: $0.integer(0)), hash: try $0.contentHash(1)) }
      let fields = try Self.fields(names, of: collection, option: option, connection)
      return FieldColumns(
        items: items.map(\.item), hashes: items.map(\.hash),
        columns: try zip(names, fields).map { name, field in
          FieldColumns.Column(
            name: name, kind: field.kind,
            values: try connection.rows(
              "SELECT \(field.sql) FROM item AS i WHERE i.collection = ? ORDER BY i.name",
              field.bindings + [key]
            ) { Value(stored: $0.value(0), kind: field.kind) })
        })
    }
  }

  /// The items without a value of a metadata field, ascending by id.
  ///
  /// - Throws: `unknown-field`.
  package func items(
    without field: String, in collection: ItemCollection
  ) throws -> [ItemRecord.RowID] {
    try read { connection in
      let field = try FieldCatalog(collection, connection)
        .required(field, in: "'\(collection.name)'")
      return try connection.rows(
        "SELECT id FROM item AS i WHERE i.collection = ? AND \(field.sql) IS NULL ORDER BY i.name",
        [.integer(collection.rowID)] + field.bindings
      ) { ItemRecord.RowID(rawValue: $0.integer(0)) }
    }
  }

  /// Refuses what ``fieldColumns(_:of:option:)`` would refuse.
  package func checkFields(
    _ names: [String], of collection: ItemCollection, option: String
  ) throws {
    try read { _ = try Self.fields(names, of: collection, option: option, $0) }
  }

  private static func fields(
    _ names: [String], of collection: ItemCollection, option: String,
    _ connection: borrowing Connection
  ) throws -> [FieldCatalog.Resolved] {
    let catalog = try FieldCatalog(collection, connection)
    return try names.enumerated().map { index, name in
      let parameter = ParallaxError.Parameter(name: option, index: index)
      guard let field = catalog.resolve(name), field.rowID != nil else {
        let known = catalog.metadata.map(\.name)
        throw ParallaxError(
          .unknownField, "'\(collection.name)' has no metadata field '\(name)'",
          hint: Suggestion.hint(for: name, among: known)
            ?? (known.isEmpty
              ? "'ingest \(collection.name) FOLDER --meta FILE' reads some"
              : "it has \(known.prefix(12).joined(separator: ", "))\(known.count > 12 ? ", …" : "")"),
          parameter: parameter)
      }
      guard !field.isList else {
        throw ParallaxError(
          .unsupported,
          "'\(name)' holds several values of an item; this needs a field that holds one",
          parameter: parameter)
      }
      return field
    }
  }
}
