/// The perceptual hashes of a picture: as it is, and as a mirror shows it.
package struct PictureHashes: Sendable, Hashable {
  package var plain: PerceptualHash
  package var mirrored: PerceptualHash

  package init(plain: PerceptualHash, mirrored: PerceptualHash) {
    self.plain = plain
    self.mirrored = mirrored
  }
}

extension Fingerprint {
  package var hashes: PictureHashes { PictureHashes(plain: hash, mirrored: mirrored) }
}

/// When the perceptual hashes of two pictures are alike.
package struct HashRule: Sendable, Hashable {
  /// Bits in which near-duplicates differ, as a rule.
  package static let usualBits = 10

  /// At most so many of 64 bits differ.
  package var bits: Int
  /// Whether a picture is also held against the other as a mirror shows it.
  package var mirrors: Bool

  package init(bits: Int, mirrors: Bool = false) {
    self.bits = bits
    self.mirrors = mirrors
  }

  /// How many bits differ, from 0 to 64; of all that is compared, the fewest. The same for both orders.
  package func distance(_ one: PictureHashes, _ other: PictureHashes) -> Int {
    let plain = one.plain.distance(to: other.plain)
    guard mirrors else { return plain }
    return min(
      plain, one.mirrored.distance(to: other.plain), one.plain.distance(to: other.mirrored))
  }
}
