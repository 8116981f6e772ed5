/// An image to embed: where its bytes are and what they are.
package struct ImageInput: Sendable, Hashable {
  /// Names the input in errors and outcomes.
  package var name: String
  package var path: String
  /// Of the bytes, and of the text if there is one.
  package var hash: ContentHash?
  /// What the bytes must be: others are not embedded. `nil` where it does not matter.
  package var content: ContentHash?
  /// What is embedded together with the image, as one vector; `nil` for nothing.
  package var text: String?

  package init(
    name: String, path: String, hash: ContentHash? = nil, content: ContentHash? = nil,
    text: String? = nil
  ) {
    self.name = name
    self.path = path
    self.hash = hash
    self.content = content
    self.text = text
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
  /// Whether an image and a text can be one input with one vector.
  package var joinsText: Bool
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
  /// What an image is counted as, about; `nil` where tokens mean nothing.
  package var tokensPerImage: Int?
  /// The most items a minute that a person allows; `nil` for no limit.
  package var itemsPerMinute: Double?

  package init(
    embedsImages: Bool, embedsText: Bool, joinsText: Bool = false, fullDimension: Int,
    shorterDimensions: [Int] = [], tasks: [String] = [], preferredBatch: Int = 16,
    concurrentBatches: Int = 2,
    tasksMoveImages: Bool = false, tokensPerImage: Int? = nil, itemsPerMinute: Double? = nil
  ) {
    self.embedsImages = embedsImages
    self.embedsText = embedsText
    self.joinsText = joinsText
    self.fullDimension = fullDimension
    self.shorterDimensions = shorterDimensions
    self.tasks = tasks
    self.preferredBatch = preferredBatch
    self.concurrentBatches = concurrentBatches
    self.tasksMoveImages = tasksMoveImages
    self.tokensPerImage = tokensPerImage
    self.itemsPerMinute = itemsPerMinute
  }
}

extension StringProtocol {
  /// Whether there is nothing but white space, so that no model reads anything of it.
  package var isBlank: Bool { allSatisfy(\.isWhitespace) }
}

/// How much of a text a model reads, for one that has more.
package struct TextLimit: Sendable, Hashable {
  /// With the special ones.
  package var tokens: Int

  package init(tokens: Int) { self.tokens = tokens }
}

extension ParallaxError.Code {
  /// A model's answer for one input is zero, not finite, or none at all.
  package static let unusableVector = Self("unusable-vector")
}

/// Something that turns images and texts into vectors of one space.
package protocol Embedder: Sendable {
  /// The identity of every vector it returns.
  var spec: EmbeddingSpec { get }
  var capabilities: EmbedderCapabilities { get }
  /// What a person should know before vectors are stored: what was chosen among several files, and
  /// what of a model's settings has no effect.
  var notes: [String] { get }
  var warnings: [String] { get }

  /// Loads what the first of such inputs would wait for.
  func prepare(images: Bool, texts: Bool) async throws

  /// One outcome an image, in order; a broken image fails alone.
  ///
  /// - Throws: only when the whole batch failed (the provider, the model) or was cancelled.
  func embed(images: [ImageInput]) async throws -> [Result<[Float], ParallaxError>]

  /// One vector a text, in order.
  ///
  /// - Throws: as for images, and when one of the texts has no vector.
  func embed(texts: [String], side: EmbeddingSide) async throws -> [[Float]]

  /// One outcome a text, in order; one that the model refuses or has no vector for fails alone.
  ///
  /// - Throws: as for images.
  func outcomes(
    texts: [String], side: EmbeddingSide
  ) async throws -> [Result<[Float], ParallaxError>]

  /// For each text, in order: the limit that it exceeds, so that its end has no effect; `nil` where
  /// it is read whole, or where that is not known.
  func limits(exceededBy texts: [String], side: EmbeddingSide) async throws -> [TextLimit?]

  /// The tokens of some texts together, where the provider counts them for nothing; `nil` elsewhere.
  func countTokens(of texts: [String]) async throws -> Int?
}

extension Embedder {
  package var notes: [String] { [] }
  package var warnings: [String] { [] }
  package func prepare(images: Bool, texts: Bool) async throws {}

  package func limits(
    exceededBy texts: [String], side: EmbeddingSide
  ) async throws -> [TextLimit?] { texts.map { _ in nil } }

  /// A text without a vector is found by asking for each alone.
  package func outcomes(
    texts: [String], side: EmbeddingSide
  ) async throws -> [Result<[Float], ParallaxError>] {
    do {
      return try await embed(texts: texts, side: side).map { .success($0) }
    } catch let error as ParallaxError where error.code == .unusableVector {
      if texts.count == 1 { return [.failure(error)] }
      var outcomes: [Result<[Float], ParallaxError>] = []
      for text in texts { outcomes += try await self.outcomes(texts: [text], side: side) }
      return outcomes
    }
  }

  package func countTokens(of texts: [String]) async throws -> Int? { nil }
}
