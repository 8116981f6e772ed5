/// What a picture shows, small enough to be kept: whether two files hold the same pixels or nearly the
/// same picture, and what a person looks for who checks a collection.
package struct Fingerprint: Sendable, Hashable {
  /// Names decoding and everything computed here: fingerprints of different methods are not compared.
  package static let method = "decode\(ImageTransform.decodeVersion)/fingerprint1"

  /// In pixels, as the viewer sees it.
  package var width: Int
  package var height: Int
  /// SHA-256 of the decoded picture as a binary PPM file (`P6`, width, height, 255, then 8-bit sRGB).
  package var pixels: ContentHash
  package var hash: PerceptualHash
  /// That of the picture as a mirror shows it.
  package var mirrored: PerceptualHash
  /// The greatest standard deviation of red, green and blue, from 0 to 127.5 levels of 255.
  package var spread: Double
  package var margins: Margins

  /// The greatest spread of a blank picture.
  package static let blankSpread = 3.0

  /// Whether it is nearly of one colour: then its hash says nothing.
  package var isBlank: Bool { spread < Self.blankSpread }

  /// How many rows and columns at each edge have one colour, in pixels; all 0 where everything has.
  package struct Margins: Sendable, Hashable {
    package var left: Int
    package var top: Int
    package var right: Int
    package var bottom: Int

    package static let none = Margins(left: 0, top: 0, right: 0, bottom: 0)

    package init(left: Int, top: Int, right: Int, bottom: Int) {
      self.left = left
      self.top = top
      self.right = right
      self.bottom = bottom
    }
  }

  /// - Returns: `nil` for numbers that no picture has.
  package init?(
    width: Int, height: Int, pixels: ContentHash, hash: PerceptualHash, mirrored: PerceptualHash,
    spread: Double, margins: Margins
  ) {
    guard width > 0, height > 0, (0...127.5).contains(spread),
      Self.fit(margins.left, margins.right, in: width),
      Self.fit(margins.top, margins.bottom, in: height)
    else { return nil }
    self.width = width
    self.height = height
    self.pixels = pixels
    self.hash = hash
    self.mirrored = mirrored
    self.spread = spread
    self.margins = margins
  }

  /// Whether something is left between two margins.
  private static func fit(_ first: Int, _ last: Int, in length: Int) -> Bool {
    first >= 0 && last >= 0 && first < length && last < length - first
  }
}

/// 64 bits that change little when a picture does.
package struct PerceptualHash: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  package static let bitCount = 64

  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// How many bits differ, from 0 to 64.
  package func distance(to other: Self) -> Int { (rawValue ^ other.rawValue).nonzeroBitCount }

  /// 16 lower-case hexadecimal digits.
  package var description: String {
    let digits = String(rawValue, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
