private import ParallaxCore

/// A part of a plane, such as one that was drawn around some points.
package struct PlanePolygon: Sendable, Hashable {
  package struct Corner: Sendable, Hashable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  package let corners: [Corner]

  /// Corners that a polygon may have.
  package static let mostCorners = 200
  /// Coordinates farther out are no map's.
  private static let farthest = 1e6

  /// - Throws: `invalid-value` for fewer than 3 or more than 200 corners, and a coordinate that is not finite.
  package init(_ corners: [Corner]) throws {
    guard (3...Self.mostCorners).contains(corners.count) else {
      throw ParallaxError(
        .invalidValue,
        "a part of a map takes 3 to \(Self.mostCorners) corners; got \(corners.count)")
    }
    guard corners.allSatisfy({ abs($0.x) <= Self.farthest && abs($0.y) <= Self.farthest }) else {
      throw ParallaxError(
        .invalidValue, "the corners of a part of a map lie within ±1000000")
    }
    self.corners = corners
  }

  /// Reads corners such as `0,0 4,0 4,3`.
  ///
  /// - Throws: `invalid-value` for another text; as ``init(_:)``.
  package init(parsing text: String) throws {
    try self.init(
      text.split(separator: " ").map { part in
        let numbers = part.split(separator: ",", omittingEmptySubsequences: false)
        guard numbers.count == 2, let x = Double(numbers[0]), let y = Double(numbers[1]),
          x.isFinite, y.isFinite
        else {
          throw ParallaxError(
            .invalidValue,
            "a part of a map takes corners such as '0,0 4,0 4,3'; got '\(part)'")
        }
        return Corner(x: x, y: y)
      })
  }

  /// As ``init(parsing:)`` reads it.
  package var text: String {
    corners.map { "\(Self.shown($0.x)),\(Self.shown($0.y))" }.joined(separator: " ")
  }

  /// A whole number without its fraction.
  private static func shown(_ number: Double) -> String {
    let text = String(number)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Whether a point lies inside, where an odd number of edges lies to its right. Of a point on an edge one side
  /// counts as inside, so that two polygons with a common edge share no point.
  package func contains(x: Double, y: Double) -> Bool {
    var isInside = false
    var previous = corners[corners.count - 1]
    for corner in corners {
      if (corner.y > y) != (previous.y > y) {
        let share = (y - corner.y) / (previous.y - corner.y)
        if x < corner.x + share * (previous.x - corner.x) { isInside.toggle() }
      }
      previous = corner
    }
    return isInside
  }
}
