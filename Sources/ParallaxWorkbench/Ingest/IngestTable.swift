internal import ParallaxCore
internal import ParallaxIngest
internal import ParallaxStorage

/// What a table of metadata brings to the items of a source.
struct IngestTable {
  /// In the order of the table.
  private(set) var fields: [FieldDeclaration] = []
  /// For the items that have a row.
  private(set) var values: [ItemID: [String: Value]] = [:]
  private var texts: [ItemID: String?] = [:]

  /// Columns that are an item's text, the first there is. The first of them is that alone, and no
  /// field: `text` is a built-in one.
  private static let textColumns = ["text", "caption"]

  init() {}

  init(_ join: MetadataJoin, items: [ItemID], textColumn: String?) {
    let names = Dictionary(
      join.fields.map { ($0.name.lowercased(), $0.name) }, uniquingKeysWith: { first, _ in first })
    let text = ([textColumn?.lowercased()].compactMap(\.self) + Self.textColumns)
      .lazy.compactMap { names[$0] }.first
    let isBuiltIn = { (name: String) in name.lowercased() == Self.textColumns[0] }
    fields = join.fields.filter { !isBuiltIn($0.name) }.map {
      var field = $0.column
      field.name = $0.name
      return field
    }
    values.reserveCapacity(join.rows.count)
    for item in items where join.rows[item] != nil {
      var row = join.values(for: item)
      if let text { texts[item] = .some(Self.text(of: row[text] ?? .null)) }
      for name in row.keys where isBuiltIn(name) { row[name] = nil }
      values[item] = row
    }
  }

  /// Adds what another table says of further items; of one that both describe the first counts.
  mutating func merge(_ other: IngestTable) {
    // A field of several tables gets a kind that holds what is in each.
    fields += other.fields.filter { !fields.contains($0) }
    values.merge(other.values) { first, _ in first }
    texts.merge(other.texts) { first, _ in first }
  }

  /// The text that the table gives an item, which may be none; `nil` where it does not speak of it.
  func text(of item: ItemID) -> String?? { texts[item] }

  /// Fields whose values here are of a kind, which all their values may have by now.
  var fieldsToSettle: [String] {
    fields.filter { $0.kind != nil && $0.kind != .text && !$0.isFixed }.map(\.name)
  }

  /// Of several values the first: one vector stands for one text.
  private static func text(of value: Value) -> String? {
    if case .list(let values) = value { return values.first.flatMap(text) }
    return value == .null || value.plainText.isEmpty ? nil : value.plainText
  }
}
