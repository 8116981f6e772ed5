internal import ParallaxCore

/// Keeps a part of the picture with its aspect.
struct CropChange: PictureChange {
  enum Place: String, CaseIterable { case center, corner }

  /// Of the area, in hundredths.
  let share: Int
  let place: Place

  static let all: [any PictureChange] = [80, 50].flatMap { share in
    Place.allCases.map { Self(share: share, place: $0) }
  }

  var id: String { "crop-\(place)-\(share)" }
  let kind = "crop"
  var strength: String {
    place == .center
      ? "the central \(share) % of the area" : "\(share) % of the area, from the top left corner"
  }

  func applied(to picture: PixelBuffer) -> PixelBuffer? {
    let side = (Double(share) / 100).squareRoot()
    let width = max(1, Int((Double(picture.width) * side).rounded()))
    let height = max(1, Int((Double(picture.height) * side).rounded()))
    let left = place == .center ? (picture.width - width) / 2 : 0
    let top = place == .center ? (picture.height - height) / 2 : 0
    return picture.rearranged(width: width, height: height) { ($0 + left, $1 + top) }
  }
}
