/// Reads pictures that are no files of their own: they lie at an address, in a store, or within an
/// archive.
package protocol PictureReader: Sendable {
  /// Whether a path of an item leads to such a picture.
  func reads(_ path: String) -> Bool

  /// Does something with all bytes of a picture, as they are now. Few pictures are held at once, however
  /// many tasks ask.
  ///
  /// - Parameter limit: bytes; a longer picture is refused.
  /// - Throws: `unreadable-file`, `image-too-large`, `provider`, `unsupported`, `cancelled`,
  ///   `CancellationError`; what `body` throws.
  func withContents<Outcome: Sendable>(
    of path: String, atMost limit: Int,
    _ body: @Sendable ([UInt8]) async throws -> Outcome
  ) async throws -> Outcome
}

/// What an item's path says of where its picture is.
package enum PicturePath {
  /// What begins the paths of pictures that come over the network.
  private static let schemes = ["https://", "http://", "s3://"]

  /// Whether a picture is on another machine: nothing of this one says whether it is there.
  package static func isRemote(_ path: String) -> Bool {
    schemes.contains { path.hasPrefix($0) }
  }

  /// Whether a picture has an address of its own on the web.
  package static func isAddress(_ path: String) -> Bool {
    path.hasPrefix("https://") || path.hasPrefix("http://")
  }
}
