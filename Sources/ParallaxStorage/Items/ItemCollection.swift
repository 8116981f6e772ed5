/// A named set of items, as a workspace stores it.
package struct ItemCollection: Sendable, Hashable {
  /// The key within the workspace; never used again after a drop.
  package let rowID: Int64
  package let name: String
  package let description: String?
  /// ISO 8601, UTC, to the second.
  package let created: String
}

/// What `list collections` shows of a collection.
package struct CollectionSummary: Sendable, Hashable {
  package let collection: ItemCollection
  package let itemCount: Int
  /// By name.
  package let spaces: [Space]
  /// The bytes of its stored vectors.
  package let bytes: Int64
}
