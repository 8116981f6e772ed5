package import ParallaxCore
package import ParallaxProviders
package import ParallaxStorage

/// What of a collection is to be embedded into which space.
package struct EmbedRequest: Sendable, Hashable {
  /// Of the space.
  package var name: String
  /// What makes a space that does not exist.
  package var model: EmbedderRequest
  /// Of the model; `nil` for the one that its name leads to.
  package var provider: String?
  /// Whether a space that exists must have been made by `model`; else its own model goes on with it.
  package var insistsOnModel = false
  /// Whether the space must exist. Damaged parts of it are dropped and embedded again.
  package var resumes = false
  /// Those that are embedded; `nil` for every item of the collection.
  package var items: Set<ItemRecord.RowID>?
  /// The part that is embedded; `nil` for the whole.
  package var shard: EmbeddingShard?
  /// Whether the work is to be submitted as jobs, which cost less.
  package var asksInJobs = false
  /// Where the files of these jobs go; `nil` for the usual place.
  package var bucket: String?
  /// Where the files of jobs go that need a place and have none named; `nil` for none.
  package var usualBucket: String?

  package init(name: String, model: EmbedderRequest) {
    self.name = name
    self.model = model
  }
}

/// What became of it.
package struct EmbedOutcome: Sendable {
  package var space: Space
  package internal(set) var embedded = 0
  /// Taken over from vectors of the same identity elsewhere in the workspace.
  package internal(set) var reused = 0
  /// In the space before.
  package internal(set) var before = 0
  /// Items without a text, where only texts are embedded.
  package internal(set) var empty = 0
  /// Items of other shards.
  package internal(set) var elsewhere = 0
  /// Items that failed this time.
  package internal(set) var failed = 0
  /// Every item that has no vector, and why.
  package internal(set) var failures: [EmbeddingFailure] = []
}

/// What embedding would do, found out without spending anything.
package struct Forecast: Sendable {
  /// What a remote provider would be asked for, about.
  package struct Remote: Sendable, Hashable {
    package var requests: Int
    package var tokens: Int
    /// Whether the provider counted the tokens.
    package var isExact: Bool
    /// At the limit that the user set; `nil` without one.
    package var milliseconds: Double?
    /// In millionths of a US dollar, with the month of the price; `nil` where none is known.
    package var cost: Cost?
  }

  package struct Cost: Sendable, Hashable {
    package var micros: Int
    package var date: String
  }

  /// The space as it would be named: `photos@base`.
  package var reference: String
  package var spec: EmbeddingSpec
  package var items: Int
  /// In the space already.
  package var before: Int
  /// Different contents that no vector is known of.
  package var toEmbed: Int
  /// Contents whose vectors are known from elsewhere in the workspace.
  package var reusable: Int
  /// Items without a text, where only texts are embedded.
  package var empty: Int
  /// Items of other shards.
  package var elsewhere: Int
  /// Texts of which the model would read only the beginning, by how much it reads.
  package var cut: [TextLimit: Int]
  /// `nil` for a local model.
  package var remote: Remote?
  /// What stands in the way of embedding, such as a key that is missing.
  package var missing: ParallaxError?
  /// What there is to know of the model.
  package var notes: [String]
  package var warnings: [String]
}
