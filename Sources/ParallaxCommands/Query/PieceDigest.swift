internal import ParallaxCore
private import ParallaxDigest

/// The SHA-256 of what is written in pieces.
final class PieceDigest {
  private var digest = SHA256()

  func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { digest.update($0) } }

  /// Of all pieces; asked once.
  var value: ContentHash {
    var whole = SHA256()
    swap(&whole, &digest)
    return whole.finalize()
  }
}
