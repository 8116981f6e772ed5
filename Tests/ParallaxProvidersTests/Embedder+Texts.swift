import ParallaxCore

extension Embedder {
  /// One vector a text, in order; the first that is refused fails all.
  func vectors(of texts: [String], side: EmbeddingSide) async throws -> [[Float]] {
    try await embed(texts.map { .text($0) }, side: side).map { try $0.get() }
  }
}
