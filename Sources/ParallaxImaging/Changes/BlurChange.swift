internal import ParallaxCore

/// Three box blurs one after another, nearly a Gaussian one; the pixels at the edge go on outside.
struct BlurChange: PictureChange {
  /// Of the longer side, in thousandths; at least one pixel.
  let radius: Int

  static let all: [any PictureChange] = [5, 15].map { Self(radius: $0) }

  var id: String { "blur-\(radius)" }
  let kind = "blur"
  var strength: String {
    "blurred, three boxes with a radius of \(radius / 10).\(radius % 10) % of the longer side"
  }

  func applied(to picture: PixelBuffer) -> PixelBuffer? {
    let (width, height) = (picture.width, picture.height)
    let pixels = max(1, (max(width, height) * radius + 500) / 1000)
    var bytes = picture.bytes
    for _ in 0..<3 {
      for row in 0..<height {
        Self.blur(&bytes, from: row * width * 3, step: 3, count: width, radius: pixels)
      }
      for column in 0..<width {
        Self.blur(&bytes, from: column * 3, step: width * 3, count: height, radius: pixels)
      }
    }
    return PixelBuffer(width: width, height: height, bytes: bytes)
  }

  /// The rounded means of a row or a column, each of a pixel and `radius` ones on both sides.
  private static func blur(
    _ bytes: inout [UInt8], from start: Int, step: Int, count: Int, radius: Int
  ) {
    let size = 2 * radius + 1
    for channel in start..<start + 3 {
      let line = (0..<count).map { Int(bytes[channel + $0 * step]) }
      func value(_ place: Int) -> Int { line[min(count - 1, max(0, place))] }
      var sum = (-radius...radius).reduce(0) { $0 + value($1) }
      for place in 0..<count {
        bytes[channel + place * step] = UInt8((sum + radius) / size)
        sum += value(place + radius + 1) - value(place - radius)
      }
    }
  }
}
