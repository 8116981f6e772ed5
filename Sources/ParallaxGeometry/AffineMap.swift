#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A map of the points of one picture to those of another: x' = xx·x + xy·y + x, y' = yx·x + yy·y + y.
///
/// Points are in pixels, the centre of the first pixel is (0, 0), y points down.
package struct AffineMap: Sendable, Hashable {
  package var xx: Double
  package var xy: Double
  package var x: Double
  package var yx: Double
  package var yy: Double
  package var y: Double

  package init(xx: Double, xy: Double, x: Double, yx: Double, yy: Double, y: Double) {
    (self.xx, self.xy, self.x) = (xx, xy, x)
    (self.yx, self.yy, self.y) = (yx, yy, y)
  }

  /// Below 0 for a map that mirrors.
  package var determinant: Double { xx * yy - xy * yx }

  /// How much longer lines become, as the root of how much larger areas become.
  package var scale: Double { determinant.magnitude.squareRoot() }

  /// The angle of the rotation that is nearest to the map (of its polar decomposition), from -180 to 180
  /// degrees; positive turns clockwise, as y points down.
  package var rotation: Double { atan2(yx - xy, xx + yy) * 180 / .pi }

  /// How much longer the map makes the direction it stretches most than the one it stretches least: the
  /// ratio of its singular values, at least 1; infinite for a map onto a line.
  package var stretch: Double {
    let turning = Self.length(xx + yy, yx - xy)
    let mirroring = Self.length(xx - yy, yx + xy)
    let least = (turning - mirroring).magnitude
    return least > 0 ? (turning + mirroring) / least : .infinity
  }

  /// A square root is rounded correctly everywhere; `hypot` is not.
  private static func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }

  /// The same map between the pictures in other sizes.
  ///
  /// - Parameters:
  ///   - start: how many pixels of the other size of the first picture one pixel is, across and down.
  ///   - end: as `start`, of the second picture.
  package func resized(
    from start: (across: Double, down: Double), to end: (across: Double, down: Double)
  ) -> AffineMap {
    // The centre of the first pixel is half a pixel from the edge, in every size.
    let (left, top) = (0.5 / start.across - 0.5, 0.5 / start.down - 0.5)
    let across = xx * left + xy * top + x
    let down = yx * left + yy * top + y
    return AffineMap(
      xx: xx * end.across / start.across, xy: xy * end.across / start.down,
      x: (across + 0.5) * end.across - 0.5,
      yx: yx * end.down / start.across, yy: yy * end.down / start.down,
      y: (down + 0.5) * end.down - 0.5)
  }
}
