internal import ParallaxCore

/// The arithmetic of a transform for one picture: sizes and offsets, no pixels.
struct ResizePlan: Equatable {
  /// A side of the target that no transform may exceed.
  static let longestTarget = 1 << 20

  /// Pictures below this size are never decoded smaller.
  private static let shrunkPixels = 1_000_000

  /// The size of the whole picture after resizing.
  var width: Int
  var height: Int
  /// The part of the resized picture that the output shows.
  var window: Rectangle
  /// The size of the output; wider than the window where the picture is too small for the crop.
  var outputWidth: Int
  var outputHeight: Int
  /// Where the window lies in the output.
  var padLeft: Int
  var padTop: Int

  struct Rectangle: Equatable {
    var left: Int
    var top: Int
    var width: Int
    var height: Int
  }

  /// - Parameters:
  ///   - width: The picture's width as the viewer sees it, in pixels; positive.
  ///   - height: As `width`.
  init(_ transform: ImageTransform, width: Int, height: Int) {
    (self.width, self.height) = Self.resized(transform.resize, width, height)
    let across = Self.cropped(self.width, to: transform.centerCrop?.width)
    let down = Self.cropped(self.height, to: transform.centerCrop?.height)
    window = Rectangle(
      left: across.start, top: down.start, width: across.length, height: down.length)
    outputWidth = transform.centerCrop?.width ?? self.width
    outputHeight = transform.centerCrop?.height ?? self.height
    padLeft = across.padding
    padTop = down.padding
  }

  /// Whether all sizes named by `transform` are in 1...`longestTarget`.
  static func accepts(_ transform: ImageTransform) -> Bool {
    var sizes: [Int] =
      switch transform.resize {
      case .none: []
      case .shortestEdge(let edge): [edge]
      case .fit(let width, let height), .exact(let width, let height): [width, height]
      }
    if let crop = transform.centerCrop { sizes += [crop.width, crop.height] }
    return sizes.allSatisfy { (1...longestTarget).contains($0) }
  }

  private static func resized(
    _ resize: ImageTransform.Resize, _ width: Int, _ height: Int
  ) -> (Int, Int) {
    switch resize {
    case .none: (width, height)
    case .exact(let width, let height): (width, height)
    // The longer side is cut to a whole number, as Hugging Face transformers do.
    case .shortestEdge(let edge):
      width <= height ? (edge, edge * height / width) : (edge * width / height, edge)
    case .fit(let boxWidth, let boxHeight): fitted(width, height, boxWidth, boxHeight)
    }
  }

  /// `Image.thumbnail` of Pillow: of the two whole numbers around a side, the one
  /// that keeps the aspect best.
  private static func fitted(
    _ width: Int, _ height: Int, _ boxWidth: Int, _ boxHeight: Int
  ) -> (Int, Int) {
    if boxWidth >= width, boxHeight >= height { return (width, height) }
    let aspect = Double(width) / Double(height)
    if Double(boxWidth) / Double(boxHeight) >= aspect {
      let side = nearer(Double(boxHeight) * aspect) { abs(aspect - $0 / Double(boxHeight)) }
      return (side, boxHeight)
    }
    let side = nearer(Double(boxWidth) / aspect) {
      $0 == 0 ? 0 : abs(aspect - Double(boxWidth) / $0)
    }
    return (boxWidth, side)
  }

  private static func nearer(_ side: Double, error: (Double) -> Double) -> Int {
    let (below, above) = (side.rounded(.down), side.rounded(.up))
    return max(1, Int(error(above) < error(below) ? above : below))
  }

  /// The central part of `length`, or all of it with the padding before it.
  ///
  /// As Hugging Face transformers: the start is rounded down, also when it is negative.
  private static func cropped(
    _ length: Int, to target: Int?
  ) -> (start: Int, length: Int, padding: Int) {
    guard let target else { return (0, length, 0) }
    let start = (length - target) >> 1
    return start >= 0 ? (start, target, 0) : (0, length, -start)
  }

  /// How many times smaller a JPEG may be decoded so that it still has twice the wanted size.
  ///
  /// Small pictures are decoded whole: the gain would be a few milliseconds,
  /// and their pixels then equal those of a full decode exactly.
  func shrinkOnLoad(width: Int, height: Int, kernel: ImageTransform.Resample) -> Int {
    guard kernel != .nearest, width * height >= Self.shrunkPixels else { return 1 }
    let factor = [8, 4, 2].first {
      width >= 2 * $0 * self.width && height >= 2 * $0 * self.height
    }
    return factor ?? 1
  }
}
