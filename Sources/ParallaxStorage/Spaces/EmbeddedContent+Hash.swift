package import ParallaxCore
private import ParallaxDigest

extension EmbeddedContent {
  /// What a vector of an item was made from: the file's hash, the text's, or one of both.
  ///
  /// A blank text counts as none.
  ///
  /// - Returns: `nil` when there is no text and nothing but text is wanted.
  package func hash(file: ContentHash, text: String?) -> ContentHash? {
    let text = text.flatMap { $0.isBlank ? nil : $0 }
    return switch self {
    case .image: file
    case .text: text.map { Digest.sha256($0) }
    // An item without a text stands as its image alone.
    case .joint: text.map { Digest.joined(file, $0) } ?? file
    }
  }
}
