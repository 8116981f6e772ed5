private import CVips
internal import ParallaxCore

extension PixelBuffer {
  /// Pixels of this picture in other places.
  ///
  /// - Parameters:
  ///   - fill: all three values where there is no pixel.
  ///   - source: where the pixel of a column and a row comes from; may lie outside the picture.
  func rearranged(
    width: Int, height: Int, fill: UInt8 = 0, _ source: (Int, Int) -> (x: Int, y: Int)
  ) -> PixelBuffer {
    var pixels = [UInt8](repeating: fill, count: width * height * 3)
    var place = 0
    for y in 0..<height {
      for x in 0..<width {
        let from = source(x, y)
        if from.x >= 0, from.x < self.width, from.y >= 0, from.y < self.height {
          let start = (from.y * self.width + from.x) * 3
          pixels[place] = bytes[start]
          pixels[place + 1] = bytes[start + 1]
          pixels[place + 2] = bytes[start + 2]
        }
        place += 3
      }
    }
    return PixelBuffer(width: width, height: height, bytes: pixels)
  }

  /// As Pillow's `resize`; `nil` when memory runs out.
  func resized(width: Int, height: Int, _ kernel: ImageTransform.Resample) -> PixelBuffer? {
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    let status = cvips_resize_pixels(
      bytes, Int32(self.width), Int32(self.height), kernel.code, 0, &pixels, Int32(width),
      Int32(height))
    return status == 0 ? PixelBuffer(width: width, height: height, bytes: pixels) : nil
  }

  /// Each value by a rule of its own.
  func mapped(_ body: (UInt8) -> UInt8) -> PixelBuffer {
    PixelBuffer(width: width, height: height, bytes: bytes.map(body))
  }
}

extension UInt8 {
  /// The nearest value from 0 to 255, halves upwards.
  init(level value: Double) {
    self = UInt8(Swift.min(255, Swift.max(0, (value + 0.5).rounded(.down))))
  }
}
