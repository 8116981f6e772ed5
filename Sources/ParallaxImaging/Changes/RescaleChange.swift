internal import ParallaxCore

/// Makes the picture smaller with Pillow's bicubic kernel, and large again where that is asked for.
struct RescaleChange: PictureChange {
  let divisor: Int
  let isBack: Bool

  static let all: [any PictureChange] = [2, 4].flatMap { divisor in
    [false, true].map { Self(divisor: divisor, isBack: $0) }
  }

  var id: String { "rescale-\(divisor)\(isBack ? "-back" : "")" }
  let kind = "rescale"
  var strength: String {
    "sides of 1/\(divisor)\(isBack ? ", enlarged again" : ""), bicubic"
  }

  func applied(to picture: PixelBuffer) -> PixelBuffer? {
    func smaller(_ length: Int) -> Int { max(1, (length + divisor / 2) / divisor) }
    let small = picture.resized(
      width: smaller(picture.width), height: smaller(picture.height), .bicubic)
    return isBack ? small?.resized(width: picture.width, height: picture.height, .bicubic) : small
  }
}
