internal import ParallaxCore

/// Turns the picture a little around its centre, within its size; corners without a pixel are black.
struct RotationChange: PictureChange {
  /// Counter-clockwise.
  let degrees: Int
  private let cosine: Double
  private let sine: Double

  static let all: [any PictureChange] = [
    Self(degrees: 5, cosine: 0.9961946980917455, sine: 0.08715574274765817),
    Self(degrees: 15, cosine: 0.9659258262890683, sine: 0.25881904510252074),
  ]

  var id: String { "rotation-\(degrees)" }
  let kind = "rotation"
  var strength: String { "rotated counter-clockwise by \(degrees)°, bilinear, corners black" }

  func applied(to picture: PixelBuffer) -> PixelBuffer? {
    let (width, height) = (picture.width, picture.height)
    let (centerX, centerY) = (Double(width - 1) / 2, Double(height - 1) / 2)
    var pixels = [UInt8](repeating: 0, count: picture.bytes.count)
    for y in 0..<height {
      for x in 0..<width {
        let (across, down) = (Double(x) - centerX, Double(y) - centerY)
        let fromX = cosine * across - sine * down + centerX
        let fromY = sine * across + cosine * down + centerY
        guard fromX >= 0, fromX <= Double(width - 1), fromY >= 0, fromY <= Double(height - 1) else {
          continue
        }
        Self.mix(picture, fromX, fromY, into: &pixels, at: (y * width + x) * 3)
      }
    }
    return PixelBuffer(width: width, height: height, bytes: pixels)
  }

  /// The bilinear mixture of the four pixels around a point.
  private static func mix(
    _ picture: PixelBuffer, _ x: Double, _ y: Double, into pixels: inout [UInt8], at place: Int
  ) {
    let (left, top) = (Int(x), Int(y))
    let (right, bottom) = (min(left + 1, picture.width - 1), min(top + 1, picture.height - 1))
    let (across, down) = (x - Double(left), y - Double(top))
    for channel in 0..<3 {
      func value(_ x: Int, _ y: Int) -> Double {
        Double(picture.bytes[(y * picture.width + x) * 3 + channel])
      }
      let above = value(left, top) * (1 - across) + value(right, top) * across
      let below = value(left, bottom) * (1 - across) + value(right, bottom) * across
      pixels[place + channel] = UInt8(level: above * (1 - down) + below * down)
    }
  }
}
