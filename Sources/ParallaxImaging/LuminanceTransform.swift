internal import ParallaxCore

/// The hash of a picture's luminance: `imagehash.phash` of the Python package ImageHash, and the same
/// bits on every processor.
///
/// Of 32 by 32 values the discrete cosine transform (type 2) is taken; its 8 by 8 lowest frequencies, row by row
/// from the mean on, give a bit each, the first the highest: whether the coefficient is above the median of
/// all 64. Cosines are whole numbers, so that nothing is rounded on the way; a coefficient that is zero by
/// symmetry is zero.
struct LuminanceTransform {
  /// Values along a side.
  static let side = 32
  /// Frequencies along a side that count.
  static let kept = 8

  /// By vertical, then by horizontal frequency; in units of 2⁻⁴⁰.
  private let coefficients: [Int64]

  /// - Parameter luminance: `side` by `side` values, row by row.
  init(_ luminance: [UInt8]) {
    precondition(luminance.count == Self.side * Self.side, "the luminance is 32 by 32")
    let cosines = Self.cosines
    // 32 values of at most 255 times 2²⁰, twice: below 2⁵⁷.
    var across = [Int64](repeating: 0, count: Self.side * Self.kept)
    for y in 0..<Self.side {
      for u in 0..<Self.kept {
        across[y * Self.kept + u] = (0..<Self.side).reduce(0) { sum, x in
          sum + Int64(luminance[y * Self.side + x]) * cosines[u * Self.side + x]
        }
      }
    }
    coefficients = (0..<Self.kept * Self.kept).map { place in
      let (v, u) = (place / Self.kept, place % Self.kept)
      return (0..<Self.side).reduce(0) { sum, y in
        sum + across[y * Self.kept + u] * cosines[v * Self.side + y]
      }
    }
  }

  var hash: PerceptualHash { Self.hash(of: coefficients) }

  /// That of the same values from right to left: odd horizontal frequencies change their signs.
  var mirrored: PerceptualHash {
    Self.hash(
      of: coefficients.enumerated().map { $0.isMultiple(of: 2) ? $1 : -$1 })
  }

  private static func hash(of coefficients: [Int64]) -> PerceptualHash {
    let sorted = coefficients.sorted()
    let twiceMedian = sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]
    return PerceptualHash(
      rawValue: coefficients.reduce(0) { $0 << 1 | (2 * $1 > twiceMedian ? 1 : 0) })
  }

  /// cos(π(2x + 1)u / 64) · 2²⁰ for each frequency u and position x.
  private static let cosines: [Int64] = (0..<kept * side).map { place in
    let (u, x) = (place / side, place % side)
    // The angle in 64ths of a half turn, brought into the first quarter.
    let angle = (2 * x + 1) * u % 128
    let half = angle > 64 ? 128 - angle : angle
    return half > 32 ? -quarter[64 - half] : quarter[half]
  }

  /// cos(πk / 64) · 2²⁰, rounded, for k from 0 to 32.
  private static let quarter: [Int64] = [
    1_048_576, 1_047_313, 1_043_527, 1_037_227, 1_028_428, 1_017_151, 1_003_425, 987_281, 968_758,
    947_901, 924_761, 899_394, 871_859, 842_224, 810_560, 776_944, 741_455, 704_181, 665_210,
    624_636, 582_558, 539_076, 494_295, 448_324, 401_273, 353_255, 304_386, 254_783, 204_567,
    153_858, 102_778, 51_451, 0,
  ]
}
