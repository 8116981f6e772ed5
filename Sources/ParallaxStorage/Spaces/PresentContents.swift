internal import ParallaxCore

/// The items of a collection, and what a vector of each has to be made from.
struct PresentContents: Sendable {
  /// Every item of the collection, whether there is something of it to embed or not.
  private(set) var itemCount = 0
  /// Those of which there is something to embed.
  private(set) var items: [ItemRecord.RowID] = []
  /// 32 bytes an item.
  private(set) var hashes: [UInt8] = []
  /// Their ids, ascending, where they were asked for.
  private(set) var names: [ItemID] = []
  /// Of their files, where ids were asked for.
  private(set) var files = ContentBeginnings()

  /// - Parameter named: whether the items come with their ids, in the order of these.
  init(
    of collection: ItemCollection, as content: EmbeddedContent, named: Bool,
    _ connection: borrowing Connection
  ) throws {
    let (name, order) = named ? ("name", "ORDER BY name") : ("NULL", "")
    let text = content == .image ? "NULL" : "text"
    let rows = try connection.prepare(
      "SELECT id, hash, \(text), \(name) FROM item WHERE collection = ? \(order)")
    try rows.bind([.integer(collection.rowID)])
    while try rows.step() {
      itemCount += 1
      if content == .image {
        // Of another length, which the schema forbids, it matches no vector.
        rows.withBlob(1) { hash in
          if hash.count == 32 {
            hashes.append(contentsOf: hash)
          } else {
            hashes.append(contentsOf: repeatElement(0, count: 32))
          }
        }
      } else {
        let file = try rows.contentHash(1)
        guard let hash = content.hash(file: file, text: rows.optionalText(2)) else { continue }
        hashes.append(contentsOf: hash.bytes)
      }
      items.append(ItemRecord.RowID(rawValue: rows.integer(0)))
      if named {
        names.append(ItemID(rows.text(3)))
        rows.withBlob(1) { files.append($0) }
      }
    }
  }
}
