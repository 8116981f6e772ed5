private import CGeometry
package import ParallaxCore
private import ParallaxSystem

/// Corners of a picture and what is around each of them.
package struct LocalFeatures: Sendable {
  /// Of the picture that was looked at, in pixels.
  package let width: Int
  package let height: Int
  package var count: Int { points.count }
  let points: [Point]
  /// 32 bytes a feature.
  let descriptors: [UInt8]

  /// In pixels; the centre of the first is (0, 0).
  package struct Point: Sendable, Hashable {
    package var x: Float
    package var y: Float
  }

  /// What they take in memory.
  package var bytes: Int { points.count * 8 + descriptors.count }
}

extension GeometryLibrary {
  /// The strongest features of a picture.
  ///
  /// - Throws: `internal-error` with the library's reason.
  package func features(of picture: PixelBuffer) throws -> LocalFeatures {
    let (width, height) = (picture.width, picture.height)
    guard min(width, height) >= GeometrySettings.leastSide else {
      return LocalFeatures(width: width, height: height, points: [], descriptors: [])
    }
    var grey = [UInt8](repeating: 0, count: width * height)
    picture.bytes.withUnsafeBufferPointer { cgeo_grey($0.baseAddress, grey.count, &grey) }
    let capacity = GeometrySettings.features
    var points = [cgeo_point](repeating: cgeo_point(), count: capacity)
    var descriptors = [UInt8](repeating: 0, count: capacity * Int(CGEO_DESCRIPTOR))
    var count = 0
    let isSmall = max(width, height) <= GeometrySettings.doubledSide
    let failure = messageOfFailure { text, room in
      cgeo_describe(
        handle, grey, Int32(width), Int32(height), width, isSmall ? 1 : 0,
        Int32(GeometrySettings.contrast), capacity, &points, &descriptors, &count,
        cgeo_message(text: text, capacity: room))
    }
    if let failure { throw ParallaxError(.internalError, "no local features: \(failure)") }
    return LocalFeatures(
      width: width, height: height,
      points: points[..<count].map { LocalFeatures.Point(x: $0.x, y: $0.y) },
      descriptors: Array(descriptors[..<(count * Int(CGEO_DESCRIPTOR))]))
  }
}

extension LocalFeatures {
  /// Pairs of features, of `self` and of others, that are each other's nearest by far.
  ///
  /// - Throws: `internal-error` when memory runs out.
  func matches(with other: LocalFeatures) throws -> [(from: Point, to: Point)] {
    var partners = [Int32](repeating: -1, count: count)
    let failed = cgeo_match(
      descriptors, count, other.descriptors, other.count, Int32(GeometrySettings.share), &partners)
    guard failed == 0 else { throw ParallaxError(.internalError, "out of memory") }
    return partners.enumerated().compactMap { index, partner in
      partner < 0 ? nil : (points[index], other.points[Int(partner)])
    }
  }
}
