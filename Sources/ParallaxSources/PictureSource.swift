internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxHTTP

/// A kind of place that pictures come from and that is no folder of files: one file in `Kinds/`, one
/// line in ``PictureSources``.
protocol PictureSource: Sendable {
  /// Whether a path of an item leads to a picture of this kind.
  static func reads(_ path: String) -> Bool

  /// The picture as it is now.
  ///
  /// - Parameters:
  ///   - known: the state that was read before; `unchanged` may answer it.
  ///   - limit: bytes.
  /// - Throws: `unreadable-file`, `image-too-large`, `provider`, `cancelled`.
  func picture(
    at path: String, unless known: PictureState?, atMost limit: Int
  ) async throws -> PictureReply
}

/// What a server says of the state of a picture, to tell it from others (RFC 9110, 8.8).
package struct PictureState: Sendable, Hashable {
  /// An entity tag with its quotes; `nil` where there is none.
  package var tag: String?
  /// Nanoseconds since 1970.
  package var modified: Int64?

  package init(tag: String? = nil, modified: Int64? = nil) {
    self.tag = tag
    self.modified = modified
  }
}

extension PictureState {
  /// What tells the state from others where only a number is kept; `nil` without a tag.
  package var change: Int64? {
    tag.map { tag in
      Int64(bitPattern: Digest.sha256(tag).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
  }
}

/// What comes of asking for a picture.
package enum PictureReply: Sendable, Hashable {
  case unchanged
  case picture([UInt8], PictureState)
}

/// How sources reach the network, and what a person allows.
struct SourceAccess: Sendable {
  /// To public addresses only.
  let publicClient: HTTPClient
  /// To any address.
  let openClient: HTTPClient
  let isOffline: Bool

  /// - Throws: `provider` under --offline, naming what was asked for.
  func checkNetwork(for path: String) throws {
    guard isOffline else { return }
    throw ParallaxError(
      .provider, "cannot read '\(path)' offline: it is not on this machine",
      hint: "run the command without --offline")
  }
}
