package import ParallaxCore

/// An item as a row of metadata may name it.
package struct MetadataTarget: Sendable, Hashable {
  package var id: ItemID
  package var relativePath: String

  package init(id: ItemID, relativePath: String) {
    self.id = id
    self.relativePath = relativePath
  }
}

/// The rows of a metadata file laid beside the items they describe.
///
/// A key is compared with the items' file names, then with file names without their ending, then
/// with relative paths (a leading `./` does not count, `\` separates as `/` does), then with ids;
/// the first of these that names exactly one item decides. A key that names several is reported
/// and joined to none. Of several rows for one item the first counts.
package struct MetadataJoin: Sendable {
  /// All fields but the key, in the order of the file.
  package let fields: [MetadataFile.Field]
  /// The row of each item that has one.
  package let rows: [ItemID: Int]
  package let itemsWithoutRow: [ItemID]
  package let rowsWithoutItem: Int
  package let issues: [IngestIssue]

  /// The values of an item by field name, nulls left out; empty when it has no row.
  package func values(for id: ItemID) -> [String: Value] { [:] }
}

extension MetadataFile {
  /// Joins the rows to `items` by the column named `key`, or by the first of `usualKeys`.
  ///
  /// - Throws: `unknown-name` when there is no such column.
  package func joined(to items: [MetadataTarget], key: String? = nil) throws -> MetadataJoin {
    MetadataJoin(fields: [], rows: [:], itemsWithoutRow: [], rowsWithoutItem: 0, issues: [])
  }
}
