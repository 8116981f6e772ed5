import ParallaxCore
import Testing

@testable import ParallaxGeometry

let needsLibrary = "needs OpenCV: run scripts/setup --geometry"

/// A picture drawn by code: rectangles of all greys over one another, the same for the same seed.
struct Drawing {
  private let shapes: [(left: Double, top: Double, width: Double, height: Double, grey: UInt8)]

  init(seed: UInt64, shapes count: Int = 150) {
    var generator = SeededGenerator(seed: seed)
    shapes = (0..<count).map { _ in
      (
        Double.random(in: -40...300, using: &generator),
        Double.random(in: -40...240, using: &generator),
        Double.random(in: 8...70, using: &generator), Double.random(in: 8...70, using: &generator),
        UInt8.random(in: 0...255, using: &generator)
      )
    }
  }

  /// What lies at a point; the last shape is on top.
  private func grey(_ x: Double, _ y: Double) -> UInt8 {
    shapes.last {
      ($0.left..<$0.left + $0.width).contains(x) && ($0.top..<$0.top + $0.height).contains(y)
    }?.grey ?? 128
  }

  /// The drawing where each pixel shows the mean of nine points, which `map` takes from the picture to
  /// the drawing.
  func picture(width: Int, height: Int, _ map: AffineMap = .unchanged) -> PixelBuffer {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(width * height * 3)
    for row in 0..<height {
      for column in 0..<width {
        var sum = 0
        for part in 0..<9 {
          let x = Double(column) + Double(part % 3 - 1) / 3
          let y = Double(row) + Double(part / 3 - 1) / 3
          sum += Int(grey(map.xx * x + map.xy * y + map.x, map.yx * x + map.yy * y + map.y))
        }
        bytes += [UInt8](repeating: UInt8(sum / 9), count: 3)
      }
    }
    return PixelBuffer(width: width, height: height, bytes: bytes)
  }
}

extension AffineMap {
  static let unchanged = AffineMap(xx: 1, xy: 0, x: 0, yx: 0, yy: 1, y: 0)
}

/// The error of a call that is to fail.
func failure(_ body: () throws -> Void) throws -> ParallaxError {
  do { try body() } catch let error as ParallaxError { return error }
  throw ParallaxError(.internalError, "the call was to fail")
}
