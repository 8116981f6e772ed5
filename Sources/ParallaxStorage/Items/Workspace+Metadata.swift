package import ParallaxCore

extension Workspace {
  /// The fields of some items, in the order asked; a field without a value is left out.
  package func metadata(
    of items: [ItemRecord.RowID], in collection: ItemCollection
  ) throws -> [[String: Value]] {
    try read { connection in
      let statement = try connection.prepare(
        """
        SELECT field.name, field.kind, field.list, value, text
        FROM metadata JOIN field ON field.id = metadata.field
        WHERE item = ? AND field.collection = ? ORDER BY field.id, position
        """)
      return try items.map { item in
        try statement.bind([.integer(item.rawValue), .integer(collection.rowID)])
        var values: [String: Value] = [:]
        while try statement.step() {
          let kind = ValueKind(rawValue: statement.text(1)) ?? .text
          let value = statement.metadata(3, kind: kind)
          let name = statement.text(0)
          if statement.integer(2) == 0 {
            values[name] = value
          } else {
            values[name] = values[name, default: .list([])].appending(value)
          }
        }
        return values
      }
    }
  }

  /// One array a field, each aligned with ``items(in:)``; built-in fields may be named too. Of a
  /// list, the first value.
  ///
  /// - Throws: `unknown-field`.
  package func metadata(
    for fields: [String], in collection: ItemCollection
  ) throws -> [[Value]] {
    try read { connection in
      let catalog = try FieldCatalog(collection, connection)
      return try fields.map { name in
        let field = try catalog.required(name, in: "'\(collection.name)'")
        return try connection.rows(
          "SELECT \(field.sql) FROM item AS i WHERE i.collection = ? ORDER BY i.name",
          field.bindings + [.integer(collection.rowID)]
        ) { Value(stored: $0.value(0), kind: field.kind) }
      }
    }
  }

  /// The metadata fields, by name.
  package func fields(in collection: ItemCollection) throws -> [FieldSummary] {
    try read { connection in
      let items = try connection.integer(
        "SELECT count(*) FROM item WHERE collection = ?", [.integer(collection.rowID)])
      return try FieldCatalog(collection, connection).metadata.map {
        try Self.summary(of: $0, itemCount: Int(items), connection)
      }
    }
  }

  /// The names and kinds of the metadata fields, oldest first; cheap enough for completion.
  package func fieldKinds(
    in collection: ItemCollection
  ) throws -> [(name: String, kind: ValueKind)] {
    try read { connection in
      try FieldCatalog(collection, connection).metadata.map { ($0.name, $0.kind) }
    }
  }

  /// The metadata fields whose kind somebody chose.
  package func fixedKinds(in collection: ItemCollection) throws -> [String: ValueKind] {
    try read { connection in
      let fields = try FieldCatalog(collection, connection).metadata
      return Dictionary(
        uniqueKeysWithValues: fields.filter(\.isFixed).map { ($0.name, $0.kind) })
    }
  }

  private static func summary(
    of field: FieldCatalog.MetadataField, itemCount: Int, _ connection: borrowing Connection
  ) throws -> FieldSummary {
    let key = SQLValue.integer(field.rowID)
    let limit = FieldSummary.distinctLimit
    let distinct = try connection.integer(
      """
      SELECT count(*) FROM
        (SELECT DISTINCT value, CASE WHEN value IS NULL THEN text END FROM metadata
         WHERE field = ? LIMIT ?)
      """,
      [key, SQLValue(limit + 1)])
    let whole = try connection.first(
      "SELECT count(DISTINCT item), min(value), max(value) FROM metadata WHERE field = ?", [key]
    ) {
      FieldSummary(
        name: field.name, kind: field.kind, isList: field.isList, count: Int($0.integer(0)),
        nulls: itemCount - Int($0.integer(0)), distinct: distinct > limit ? nil : Int(distinct),
        minimum: Value(stored: $0.value(1), kind: field.kind),
        maximum: Value(stored: $0.value(2), kind: field.kind))
    }
    guard let whole else {
      throw ParallaxError(.internalError, "the field '\(field.name)' has no summary")
    }
    return whole
  }
}

extension Value {
  /// A list with one more element.
  fileprivate func appending(_ element: Value) -> Value {
    if case .list(let values) = self { .list(values + [element]) } else { .list([element]) }
  }
}
