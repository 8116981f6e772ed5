package import ParallaxCore

/// A question that is kept, to find out which new items answer it.
package struct Watch: Sendable, Hashable {
  /// In the workspace, none twice.
  package var name: String
  package var collection: ItemCollection
  /// The name of the space that is searched.
  package var space: String
  /// The identity for which the question was embedded and the threshold chosen.
  package var spec: EmbeddingSpec
  /// The options that ask, as they are typed.
  package var question: String
  /// Which items count, as it is typed; `nil` for all.
  package var condition: String?
  /// Items match from this cosine on.
  package var minimumScore: Float
  /// ISO 8601, UTC, to the second.
  package var created: String
  /// The question as it is searched for.
  package var vector: [Float]

  package init(
    name: String, space: Space, question: String, condition: String?, minimumScore: Float,
    created: String, vector: [Float]
  ) {
    self.name = name
    collection = space.collection
    self.space = space.name
    spec = space.spec
    self.question = question
    self.condition = condition
    self.minimumScore = minimumScore
    self.created = created
    self.vector = vector
  }

  /// As a person types it: `photos@base`.
  package var reference: String { "\(collection.name)@\(space)" }
}

/// An item that answers a watch.
package struct WatchMatch: Sendable, Hashable {
  package var item: ItemRecord.RowID
  /// Of what was embedded: other bytes under the same name are another match.
  package var hash: ContentHash

  package init(item: ItemRecord.RowID, hash: ContentHash) {
    self.item = item
    self.hash = hash
  }
}

/// What a watch has found.
package struct WatchSummary: Sendable, Hashable {
  package var watch: Watch
  /// Items that matched since it was added.
  package var found: Int
  /// Of the newest of them; ISO 8601, UTC, to the second.
  package var lastFound: String?
}
