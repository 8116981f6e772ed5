internal import ParallaxCore

/// The fields of a collection by name: its metadata, and what every item has.
struct FieldCatalog {
  struct MetadataField {
    let rowID: Int64
    let name: String
    let kind: ValueKind
    let isFixed: Bool
    let isList: Bool
  }

  /// A field as SQL, with the values its parameters take.
  struct Resolved {
    let kind: ValueKind
    /// Whether an item may have several values; ``scan`` then gives a row for each.
    let isList: Bool
    /// The key of a metadata field; `nil` for what every item has.
    let rowID: Int64?
    /// What every item has; `nil` for a metadata field.
    let builtIn: BuiltInField?
    /// Over `item AS i`.
    let sql: String
    let bindings: [SQLValue]
    /// The whole field: item and value, in ascending order of item.
    let scan: String
    let scanBindings: [SQLValue]
  }

  /// In the order in which they came into being.
  let metadata: [MetadataField]
  private let byName: [String: MetadataField]
  private let collection: Int64

  init(_ collection: ItemCollection, _ connection: borrowing Connection) throws {
    metadata = try connection.rows(
      "SELECT id, name, kind, fixed, list FROM field WHERE collection = ? ORDER BY id",
      [.integer(collection.rowID)]
    ) {
      MetadataField(
        rowID: $0.integer(0), name: $0.text(1), kind: ValueKind(rawValue: $0.text(2)) ?? .text,
        isFixed: $0.integer(3) != 0, isList: $0.integer(4) != 0)
    }
    self.collection = collection.rowID
    byName = Dictionary(metadata.map { ($0.name, $0) }) { first, _ in first }
  }

  /// What a name means: a metadata field first, then a built-in one, which is also `item.NAME`.
  func resolve(_ name: String) -> Resolved? {
    if let field = byName[name] {
      return Resolved(
        kind: field.kind, isList: field.isList, rowID: field.rowID, builtIn: nil,
        sql: "(SELECT value FROM metadata WHERE field = ? AND item = i.id AND position = 0)",
        bindings: [.integer(field.rowID)],
        scan: "SELECT item, value FROM metadata WHERE field = ? ORDER BY item, position",
        scanBindings: [.integer(field.rowID)])
    }
    let plain = name.hasPrefix("item.") ? String(name.dropFirst("item.".count)) : name
    return BuiltInField(rawValue: plain).map {
      Resolved(
        kind: $0.kind, isList: false, rowID: nil, builtIn: $0, sql: "i.\($0.column)", bindings: [],
        scan: "SELECT id, \($0.column) FROM item WHERE collection = ? ORDER BY id",
        scanBindings: [.integer(collection)])
    }
  }

  /// - Throws: `unknown-field` with a near name, without a location.
  func required(_ name: String, in context: String) throws -> Resolved {
    if let field = resolve(name) { return field }
    let names = metadata.map(\.name) + BuiltInField.allCases.map(\.rawValue)
    let renamed = "meta_\(name)"
    let hint =
      byName[renamed] == nil
      ? Suggestion.hint(for: name, among: names) ?? Self.listing(names)
      : "the table's column is '\(renamed)'"
    throw ParallaxError(.unknownField, "unknown field '\(name)' in \(context)", hint: hint)
  }

  private static func listing(_ names: [String]) -> String {
    let shown = names.prefix(12)
    let more = names.count > shown.count ? ", …" : ""
    return "fields: \(shown.joined(separator: ", "))\(more)"
  }
}

extension BuiltInField {
  /// The column of `item`.
  fileprivate var column: String { self == .id ? "name" : rawValue }
}
