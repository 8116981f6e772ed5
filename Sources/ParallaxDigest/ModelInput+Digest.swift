package import ParallaxCore

extension ModelInput {
  /// Stands for the content of the input: the hash of its image or its text; of several parts, a
  /// digest of all of them in order.
  ///
  /// `nil` when the content of an image is not known. Kept replies depend on it: it must not change.
  package var digest: ContentHash? {
    var digest: ContentHash?
    for part in parts {
      let first = digest
      switch part {
      case .text(let text):
        digest = first.map { Digest.joined($0, text) } ?? Digest.sha256(text)
      case .image(_, let hash):
        guard let hash else { return nil }
        digest = first.map { Digest.sha256($0.bytes + [0x0B] + hash.bytes) } ?? hash
      }
    }
    return digest
  }
}

extension Digest {
  /// Of a content and the text that goes with it.
  package static func joined(_ content: ContentHash, _ text: String) -> ContentHash {
    sha256(content.bytes + [0x0A] + Array(text.utf8))
  }
}
