internal import CVips
internal import ParallaxCore

/// A transform of one picture as the C side takes it.
struct Rendering {
  private let plan: ResizePlan
  private let rendering: cvips_rendering

  /// A part of a picture in its pixels, as fractions of them.
  struct Box {
    var left: Double
    var top: Double
    var width: Double
    var height: Double

    /// All of something whose sides are 1.
    static let unit = Self(left: 0, top: 0, width: 1, height: 1)

    /// - Parameter share: A part of this box, whose sides are 1 there.
    func part(_ share: Self) -> Self {
      Self(
        left: left + share.left * width, top: top + share.top * height,
        width: share.width * width, height: share.height * height)
    }
  }

  init(
    _ plan: ResizePlan, kernel: ImageTransform.Resample, box: Box, orientation: Int,
    _ part: PicturePart
  ) {
    self.plan = plan
    var rendering = cvips_rendering()
    rendering.orientation = Int32(orientation)
    rendering.alpha = Int32(part.alpha ?? -1)
    rendering.is_premultiplied = part.isPremultiplied ? 1 : 0
    rendering.color_comes_first = part.colorComesFirst ? 1 : 0
    if let color = part.color {
      rendering.has_color = 1
      rendering.color = cvips_color(color)
    }
    rendering.resize = cvips_resize(
      box_left: box.left, box_top: box.top, box_width: box.width, box_height: box.height,
      width: Int64(plan.width), height: Int64(plan.height),
      window_left: Int64(plan.window.left), window_top: Int64(plan.window.top),
      window_width: Int32(plan.window.width), window_height: Int32(plan.window.height),
      kernel: kernel.code)
    self.rendering = rendering
  }

  /// Decodes `image` as planned, on black where the window is smaller than the output.
  ///
  /// - Returns: `nil` when the reason was written into `error`.
  func pixels(
    of image: OpaquePointer, _ error: UnsafeMutableBufferPointer<CChar>
  ) -> TransformedPixels? {
    let pixels = TransformedPixels(width: plan.outputWidth, height: plan.outputHeight)
    guard let pixels else {
      VipsMessage.write("out of memory", to: error)
      return nil
    }
    let start = pixels.bytes.baseAddress?.advanced(
      by: (plan.padTop * plan.outputWidth + plan.padLeft) * 3)
    let status = withUnsafePointer(to: rendering) {
      cvips_render(image, $0, start, plan.outputWidth * 3, error.baseAddress, error.count)
    }
    if status == 0 { return pixels }
    pixels.deallocate()
    return nil
  }
}

extension cvips_color {
  fileprivate init(_ color: ColorDescription) {
    self.init()
    let points = color.primaries
    let values = [points.white, points.red, points.green, points.blue].flatMap { [$0.x, $0.y] }
    withUnsafeMutableBytes(of: &primaries) {
      $0.copyBytes(from: values.withUnsafeBytes(Array.init))
    }
    withUnsafeMutableBytes(of: &curve) { bytes in
      let curve = bytes.bindMemory(to: Float.self)
      let last = Double(curve.count - 1)
      for index in curve.indices { curve[index] = Float(color.light(of: Double(index) / last)) }
    }
  }
}

extension ImageTransform.Resample {
  var code: cvips_kernel {
    switch self {
    case .nearest: CVIPS_NEAREST
    case .bilinear: CVIPS_BILINEAR
    case .bicubic: CVIPS_BICUBIC
    case .lanczos: CVIPS_LANCZOS
    }
  }
}
