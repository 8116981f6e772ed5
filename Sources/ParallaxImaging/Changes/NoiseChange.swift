internal import ParallaxCore
private import ParallaxDigest

/// Adds noise to each value, nearly Gaussian: the sum of eight uniform bytes. The picture itself is the seed.
struct NoiseChange: PictureChange {
  /// The standard deviation in levels of 255.
  let deviation: Int

  static let all: [any PictureChange] = [8, 24].map { Self(deviation: $0) }

  var id: String { "noise-\(deviation)" }
  let kind = "noise"
  var strength: String { "noise with a standard deviation of \(deviation) of 255 levels" }

  /// Of the sum of eight bytes.
  private static let (mean, spread) = (1020, 209.0)

  func applied(to picture: PixelBuffer) -> PixelBuffer? {
    let digest = Digest.sha256(picture.bytes).bytes
    var random = SeededGenerator(seed: digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    return picture.mapped { value in
      let drawn = random.next()
      let sum = (0..<8).reduce(0) { $0 + Int(drawn >> UInt64($1 * 8) & 255) }
      let noise = (Double((sum - Self.mean) * deviation) / Self.spread).rounded()
      return UInt8(level: Double(value) + noise)
    }
  }
}
