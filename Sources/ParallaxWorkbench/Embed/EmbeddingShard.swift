internal import ParallaxCore

/// One of several equal parts of a collection, for machines that share the work.
///
/// A content belongs to the part that the first eight bytes of its SHA-256 say, read as a big-endian
/// number, modulo the count: so copies lie in one part, and every machine divides alike.
package struct EmbeddingShard: Sendable, Hashable {
  package static let largestCount = 65_536

  /// From 1.
  package let number: Int
  package let count: Int

  /// - Returns: `nil` unless 1 ≤ number ≤ count ≤ ``largestCount``.
  package init?(_ number: Int, of count: Int) {
    guard (1...Self.largestCount).contains(count), (1...count).contains(number) else { return nil }
    (self.number, self.count) = (number, count)
  }

  /// Written as `3/16`.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2,
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let number = Int(parts[0]), let count = Int(parts[1])
    else { return nil }
    self.init(number, of: count)
  }

  func holds(_ content: ContentHash) -> Bool {
    let first = content.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return first % UInt64(count) == UInt64(number - 1)
  }
}
