/// A named set of items, as it stands in a workspace.
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
  package let name: String
  package let description: String?
  package let itemCount: Int
  /// The names of its spaces, in the order of their bytes.
  package let spaces: [String]
  package let created: String
  /// The bytes of its stored vectors.
  package let bytes: Int64
}
