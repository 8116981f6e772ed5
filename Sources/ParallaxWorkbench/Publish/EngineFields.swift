internal import ParallaxCore
internal import ParallaxPublishing
internal import ParallaxStorage

/// What of items is published beside their ids and vectors: all metadata fields, and what every item has but its path,
/// which is of this machine.
struct EngineFields {
  private static let builtIn: [BuiltInField] = [.width, .height, .format, .size, .text]

  let fields: [EngineField]
  private let metadata: [String]

  init(of collection: ItemCollection, in workspace: Workspace) throws {
    let declared = try workspace.fieldDeclarations(in: collection)
    metadata = declared.map(\.name)
    fields =
      Self.builtIn.map { EngineField(name: Self.name($0), kind: $0.kind, isList: false) }
      + declared.map {
        EngineField(name: $0.name, kind: $0.kind ?? .text, isList: $0.isList)
      }
  }

  private static func name(_ field: BuiltInField) -> String {
    EngineField.builtInPrefix + field.rawValue
  }

  /// The values of some items, one a field.
  func values(
    of items: [ItemRecord.RowID], ids: [ItemID], in collection: ItemCollection,
    _ workspace: Workspace
  ) throws -> [[Value]] {
    let records = try workspace.items(named: ids, in: collection)
    let found = try workspace.metadata(of: items, in: collection)
    return zip(ids, found).map { id, found in
      let own = Self.builtIn.map { field in
        records[id].map { Self.value(field, of: $0) } ?? .null
      }
      return own + metadata.map { found[$0]?.typed ?? .null }
    }
  }

  private static func value(_ field: BuiltInField, of item: ItemRecord) -> Value {
    switch field {
    case .id, .path: .null
    case .width: item.width.map { Value($0) } ?? .null
    case .height: item.height.map { Value($0) } ?? .null
    case .format: Value(item.format)
    case .size: .integer(item.size)
    case .text: Value(item.text)
    }
  }
}
