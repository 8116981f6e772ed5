package import ParallaxCore

/// What was learnt of a picture that is no file of its own when it was read last.
package struct FarPicture: Sendable, Hashable {
  /// As an item's path.
  package var path: String
  /// What the server calls this state of the picture; `nil` where it says nothing.
  package var tag: String?
  /// Nanoseconds since 1970.
  package var modified: Int64?
  /// In bytes.
  package var size: Int64
  package var hash: ContentHash
  package var width: Int
  package var height: Int
  package var format: String

  package init(
    path: String, tag: String?, modified: Int64?, size: Int64, hash: ContentHash, width: Int,
    height: Int, format: String
  ) {
    self.path = path
    self.tag = tag
    self.modified = modified
    self.size = size
    self.hash = hash
    self.width = width
    self.height = height
    self.format = format
  }
}

/// A small JPEG of a picture whose bytes are not kept.
package struct Thumbnail: Sendable, Hashable {
  package var jpeg: [UInt8]
  package var width: Int
  package var height: Int

  package init(jpeg: [UInt8], width: Int, height: Int) {
    self.jpeg = jpeg
    self.width = width
    self.height = height
  }
}
