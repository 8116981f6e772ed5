package import ParallaxCore

/// One embedding of a collection, as a workspace stores it.
package struct Space: Sendable, Hashable {
  /// The key within the workspace; never used again after a drop.
  package let rowID: Int64
  package let collection: ItemCollection
  package let name: String
  package let spec: EmbeddingSpec
  /// ISO 8601, UTC, to the second.
  package let created: String

  /// The name a person types: `photos@base`.
  package var reference: String { "\(collection.name)@\(name)" }

  /// One that no workspace has yet, to find out what it would take.
  package static func planned(
    _ name: String, in collection: ItemCollection, spec: EmbeddingSpec
  ) -> Space {
    Space(rowID: 0, collection: collection, name: name, spec: spec, created: "")
  }
}

/// What `list spaces` shows of a space.
package struct SpaceSummary: Sendable, Hashable {
  package let space: Space
  /// Items of the collection.
  package let itemCount: Int
  /// Items whose present bytes have a vector.
  package let vectorCount: Int
  /// Items whose present bytes could not be embedded.
  package let failureCount: Int
  /// The bytes of its stored vectors, replaced ones included.
  package let bytes: Int64
}

/// A vector to store.
package struct StoredVector: Sendable, Hashable {
  package var item: ItemRecord.RowID
  /// The hash of the bytes that were embedded.
  package var hash: ContentHash
  package var vector: [Float]

  package init(item: ItemRecord.RowID, hash: ContentHash, vector: [Float]) {
    self.item = item
    self.hash = hash
    self.vector = vector
  }
}

/// An item that could not be embedded.
package struct EmbeddingFailure: Sendable, Hashable {
  package let item: ItemRecord.RowID
  package let id: ItemID
  package let path: String
  /// The error's stable code.
  package let code: String
  package let message: String
}

/// A chunk of vectors whose checksum does not match.
package struct DamagedChunk: Sendable, Hashable {
  package let number: Int64
  /// `nil` when the damage hides it.
  package let vectorCount: Int?
}
