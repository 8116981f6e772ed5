/// An image to embed: where its bytes are and what they are.
package struct ImageInput: Sendable, Hashable {
  /// Names the input in errors and outcomes.
  package var name: String
  package var path: String
  package var hash: ContentHash?

  package init(name: String, path: String, hash: ContentHash? = nil) {
    self.name = name
    self.path = path
    self.hash = hash
  }
}

/// Which side of a retrieval a text stands on.
package enum EmbeddingSide: String, Sendable, Hashable {
  case document, query
}

/// What a provider can do, declared so that an impossible request is refused before any work.
package struct EmbedderCapabilities: Sendable, Hashable {
  package var embedsImages: Bool
  package var embedsText: Bool
  /// The dimension of an unshortened vector.
  package var fullDimension: Int
  /// Smaller dimensions that may be asked for; empty when only the full one is.
  package var shorterDimensions: [Int]
  /// Task types understood; empty when there are none.
  package var tasks: [String]
  /// Images handed over at a time for the best speed.
  package var preferredBatch: Int
  /// Batches under way at once for the best speed.
  package var concurrentBatches: Int
  /// Whether a task type changes the vectors of images, too.
  package var tasksMoveImages: Bool

  package init(
    embedsImages: Bool, embedsText: Bool, fullDimension: Int, shorterDimensions: [Int] = [],
    tasks: [String] = [], preferredBatch: Int = 16, concurrentBatches: Int = 2,
    tasksMoveImages: Bool = false
  ) {
    self.embedsImages = embedsImages
    self.embedsText = embedsText
    self.fullDimension = fullDimension
    self.shorterDimensions = shorterDimensions
    self.tasks = tasks
    self.preferredBatch = preferredBatch
    self.concurrentBatches = concurrentBatches
    self.tasksMoveImages = tasksMoveImages
  }
}

/// Something that turns images and texts into vectors of one space.
package protocol Embedder: Sendable {
  /// The identity of every vector it returns.
  var spec: EmbeddingSpec { get }
  var capabilities: EmbedderCapabilities { get }

  /// One outcome an image, in order; a broken image fails alone.
  ///
  /// - Throws: only when the whole batch failed (the provider, the model) or was cancelled.
  func embed(images: [ImageInput]) async throws -> [Result<[Float], ParallaxError>]

  /// One vector a text, in order.
  func embed(texts: [String], side: EmbeddingSide) async throws -> [[Float]]
}
