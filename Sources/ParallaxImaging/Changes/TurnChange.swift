internal import ParallaxCore

/// Mirrors the picture, or turns it by quarters.
struct TurnChange: PictureChange {
  /// Clockwise, in degrees; `nil` for a mirror.
  let degrees: Int?

  static let all: [any PictureChange] = [nil, 90, 180, 270].map { Self(degrees: $0) }

  var id: String { degrees.map { "turn-\($0)" } ?? "flip" }
  var kind: String { degrees == nil ? "flip" : "turn" }
  var strength: String { degrees.map { "turned clockwise by \($0)°" } ?? "left and right swapped" }

  func applied(to picture: PixelBuffer) -> PixelBuffer? {
    let (width, height) = (picture.width, picture.height)
    return switch degrees {
    case 90: picture.rearranged(width: height, height: width) { ($1, height - 1 - $0) }
    case 180: picture.rearranged(width: width, height: height) { (width - 1 - $0, height - 1 - $1) }
    case 270: picture.rearranged(width: height, height: width) { (width - 1 - $1, $0) }
    default: picture.rearranged(width: width, height: height) { (width - 1 - $0, $1) }
    }
  }
}
