package import ParallaxCore

extension Workspace {
  /// The fields of some items, in the order asked; a field without a value is left out.
  ///
  /// - Parameter names: of the fields that are wanted; `nil` for all.
  package func metadata(
    of items: [ItemRecord.RowID], in collection: ItemCollection, named names: Set<String>? = nil
  ) throws -> [[String: Value]] {
    try read { connection in
      let fields = try FieldCatalog(collection, connection).metadata
        .filter { names?.contains($0.name) ?? true }
      // Each of its own: a dictionary that is shared would be copied, and grow again, for every item.
      var found = items.map { _ in [String: Value](minimumCapacity: min(fields.count, 16)) }
      let marks = repeatElement("?", count: Self.itemsTogether).joined(separator: ", ")
      let statement = try connection.prepare(
        """
        SELECT item, value, text FROM metadata WHERE field = ? AND item IN (\(marks))
        ORDER BY item, position
        """)
      // In the order in which they are stored, so that a page is read once.
      let places = items.indices.sorted { items[$0] < items[$1] }
      for field in fields {
        for start in stride(from: 0, to: places.count, by: Self.itemsTogether) {
          let some = places[start..<min(start + Self.itemsTogether, places.count)]
          try statement.bind(
            field.rowID, some.map { items[$0].rawValue }, filling: Self.itemsTogether)
          try Self.collect(statement, of: field, items, some, &found)
        }
      }
      return found
    }
  }

  /// Items of one question: SQLite goes from one to the next by itself.
  private static let itemsTogether = 64

  /// Puts the rows of a field, which come in the order of `places`, where their items stand.
  private static func collect(
    _ statement: borrowing Statement, of field: FieldCatalog.MetadataField,
    _ items: [ItemRecord.RowID], _ places: ArraySlice<Int>, _ found: inout [[String: Value]]
  ) throws {
    var next = places.startIndex
    var last: Int64?
    while try statement.step() {
      let item = statement.integer(0)
      let isFirst = item != last
      last = item
      guard isFirst || field.isList else { continue }
      while next < places.endIndex, items[places[next]].rawValue < item { next += 1 }
      let value = statement.metadata(1, kind: field.kind)
      // An item may be asked for twice.
      for place in places[next...].prefix(while: { items[$0].rawValue == item }) {
        found[place][field.name] =
          field.isList
          ? found[place][field.name, default: .list([])].appending(value) : value
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
