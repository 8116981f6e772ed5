internal import CVips
internal import ParallaxCore

/// The result of a transform in a worker's memory, ready to be sent.
struct TransformedPixels {
  let width: Int
  let height: Int
  let bytes: UnsafeMutableBufferPointer<UInt8>

  /// A part of a picture in its pixels, as fractions of them.
  struct Box {
    var left: Double
    var top: Double
    var width: Double
    var height: Double
  }

  /// Resizes `box` of `source` as planned, on black.
  init(
    _ source: cvips_pixels, plan: ResizePlan, kernel: ImageTransform.Resample, box: Box
  ) throws(DecodeFailure) {
    width = plan.outputWidth
    height = plan.outputHeight
    bytes = .allocate(capacity: width * height * 3)
    bytes.initialize(repeating: 0)
    var resize = cvips_resize(
      box_left: box.left, box_top: box.top, box_width: box.width, box_height: box.height,
      width: Int64(plan.width), height: Int64(plan.height),
      window_left: Int64(plan.window.left), window_top: Int64(plan.window.top),
      window_width: Int32(plan.window.width), window_height: Int32(plan.window.height),
      kernel: kernel.code)
    let start = bytes.baseAddress?.advanced(by: (plan.padTop * width + plan.padLeft) * 3)
    var source = source
    guard cvips_resample(&source, &resize, start, width * 3) == 0 else {
      bytes.deallocate()
      throw DecodeFailure(.imageTooLarge, "resizing it needs too much memory")
    }
  }

  func deallocate() { bytes.deallocate() }

  /// The picture as JPEG without metadata; the caller deallocates it.
  func jpeg(quality: Int) throws(DecodeFailure) -> UnsafeMutableBufferPointer<UInt8> {
    var encoded: UnsafeMutablePointer<UInt8>?
    var size = 0
    let status = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { error in
      cvips_encode_jpeg(
        bytes.baseAddress, Int32(width), Int32(height), Int32(quality), &encoded, &size,
        error.baseAddress, error.count)
    }
    guard status == 0 else { throw DecodeFailure(.internalError, "it cannot be encoded as JPEG") }
    return UnsafeMutableBufferPointer(start: encoded, count: size)
  }
}

extension ImageTransform.Resample {
  fileprivate var code: cvips_kernel {
    switch self {
    case .nearest: CVIPS_NEAREST
    case .bilinear: CVIPS_BILINEAR
    case .bicubic: CVIPS_BICUBIC
    case .lanczos: CVIPS_LANCZOS
    }
  }
}
