package import ParallaxCore

/// A space as it was published in an engine beyond this machine.
package struct Publication: Sendable, Hashable {
  /// How much of the exact hits the engine's ordinary search found.
  package struct Certificate: Sendable, Hashable {
    /// ISO 8601, UTC, to the second.
    package var measured: String
    /// Hits of a question.
    package var depth: Int
    package var questions: Int
    package var seed: Int
    /// Hits of the exact answers, and how many of them were found.
    package var wanted: Int
    package var found: Int
    /// The ends of the interval of 95 % of the share.
    package var low: Double
    package var high: Double

    package var recall: Double { wanted == 0 ? 1 : Double(found) / Double(wanted) }

    package init(
      measured: String, depth: Int, questions: Int, seed: Int, wanted: Int, found: Int,
      low: Double, high: Double
    ) {
      self.measured = measured
      self.depth = depth
      self.questions = questions
      self.seed = seed
      self.wanted = wanted
      self.found = found
      self.low = low
      self.high = high
    }
  }

  package var collection: ItemCollection
  package var space: String
  package var identity: String
  /// Without a secret.
  package var url: String
  /// The table in the engine.
  package var name: String
  /// The engine with its version.
  package var engine: String
  package var similarity: Similarity
  /// As `EngineOptions` writes them.
  package var options: String
  /// ISO 8601, UTC, to the second.
  package var published: String
  package var count: Int
  /// The state of the items and vectors then; `nil` where no seals are kept.
  package var stamp: String?
  package var certificate: Certificate?

  package init(
    collection: ItemCollection, space: String, identity: String, url: String, name: String,
    engine: String, similarity: Similarity, options: String, published: String, count: Int,
    stamp: String?, certificate: Certificate? = nil
  ) {
    self.collection = collection
    self.space = space
    self.identity = identity
    self.url = url
    self.name = name
    self.engine = engine
    self.similarity = similarity
    self.options = options
    self.published = published
    self.count = count
    self.stamp = stamp
    self.certificate = certificate
  }

  /// As a person names the space.
  package var reference: String { "\(collection.name)@\(space)" }
}
