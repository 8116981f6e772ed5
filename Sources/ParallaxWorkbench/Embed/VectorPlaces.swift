internal import ParallaxCore
internal import ParallaxIngest
private import ParallaxReporting
internal import ParallaxStorage

/// Which item each row of a file of vectors belongs to.
struct VectorPlaces: Sendable {
  /// An item, and what of it a vector stands for.
  struct Item: Sendable {
    var rowID: ItemRecord.RowID
    var hash: ContentHash
  }

  /// By row; `nil` for a row that is left out.
  private(set) var items: [Item?]
  /// Those of items, in their order.
  private(set) var rows: [Int]
  private(set) var warnings: [String] = []

  /// - Throws: `invalid-value` naming `ids` when no id is that of an item.
  init(
    _ list: IDList, _ file: VectorImport.File, of content: EmbeddedContent,
    in collection: ItemCollection, _ records: [ItemRecord]
  ) throws {
    let known = Dictionary(uniqueKeysWithValues: records.map { ($0.id.rawValue, $0) })
    var strangers: [ItemID] = []
    var empty: [ItemID] = []
    items = list.ids.map { id in
      guard let record = known[id.rawValue] else {
        strangers.append(id)
        return nil
      }
      guard let hash = content.hash(file: record.hash, text: record.text) else {
        empty.append(id)
        return nil
      }
      return Item(rowID: record.rowID, hash: hash)
    }
    rows = items.indices.filter { [items] in items[$0] != nil }
    guard !rows.isEmpty else {
      let example = records.first.map { "; one of its ids is '\($0.id)'" } ?? ", which has no items"
      throw ParallaxError(
        .invalidValue,
        "none of the \(Wording.count(list.ids.count, "id")) in '\(file.ids)' is an item of "
          + "'\(collection.name)'\(content == .text ? " with a text" : "")\(example)",
        hint: "'describe \(collection.name)' says how items are named", parameter: "ids")
    }
    warn(strangers) { one, count in
      "'\(file.ids)' names \(count) \(one ? "item that is" : "items that are") not in "
        + "'\(collection.name)'; \(one ? "its vector is" : "their vectors are") left out"
    }
    warn(empty) { one, count in
      "\(count) \(one ? "item has" : "items have") no text; \(one ? "its vector is" : "their vectors are") "
        + "left out"
    }
  }

  private mutating func warn(_ ids: [ItemID], _ said: (_ one: Bool, _ count: String) -> String) {
    guard let first = ids.first else { return }
    warnings.append(said(ids.count == 1, Wording.count(ids.count)) + ", such as '\(first)'")
  }

  /// What is said of items that no file has a vector of, and that a space has none of.
  static func warning(ofMissing ids: [ItemID], in collection: ItemCollection, _ files: String)
    -> String?
  {
    guard let first = ids.first else { return nil }
    return
      "\(Wording.count(ids.count)) \(ids.count == 1 ? "item" : "items") of '\(collection.name)' "
      + "\(ids.count == 1 ? "has" : "have") no vector in \(files), such as '\(first)'"
  }
}
