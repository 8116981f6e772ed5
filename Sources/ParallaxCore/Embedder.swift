/// Which side of a retrieval a text stands on.
package enum EmbeddingSide: String, Sendable, Hashable {
  case document, query
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

  /// One outcome an input, in order; an input that is refused or has no usable vector fails alone.
  ///
  /// Inputs that hold an image stand on the document side, whatever `side` is.
  ///
  /// - Throws: only when the whole batch failed (the provider, the model), when the model can embed
  ///   no such inputs, or when cancelled.
  func embed(
    _ inputs: [ModelInput], side: EmbeddingSide
  ) async throws -> [Result<[Float], ParallaxError>]

  /// For each text, in order: the limit that it exceeds, so that its end has no effect; `nil` where
  /// it is read whole, or where that is not known.
  func limits(exceededBy texts: [String], side: EmbeddingSide) async throws -> [TextLimit?]

  /// What scores of its texts with images are held against; `nil` where there is nothing to.
  func background() throws -> QuestionBackground?

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

  package func background() throws -> QuestionBackground? { nil }

  package func countTokens(of texts: [String]) async throws -> Int? { nil }
}
