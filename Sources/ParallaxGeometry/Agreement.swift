private import CGeometry
private import ParallaxCore
private import ParallaxSystem

/// How well one transform lays a picture over another.
package struct Agreement: Sendable, Hashable {
  /// Features of the first and of the second picture.
  package var features: (first: Int, second: Int) { (firstFeatures, secondFeatures) }
  private var firstFeatures: Int
  private var secondFeatures: Int
  /// Pairs of features that look alike.
  package private(set) var matches: Int
  /// Matches that agree with the map; 0 when it does not count.
  package private(set) var inliers: Int
  /// The map from the first picture to the second, in pixels of the pictures that were looked at; `nil`
  /// when none counts.
  package private(set) var map: AffineMap?
  /// Why no map counts, within a sentence.
  package private(set) var refusal: String?

  private init(_ first: LocalFeatures, _ second: LocalFeatures, matches: Int) {
    firstFeatures = first.count
    secondFeatures = second.count
    self.matches = matches
    inliers = 0
  }

  fileprivate static func of(
    _ first: LocalFeatures, _ second: LocalFeatures, matches: Int, _ found: Found?
  ) -> Agreement {
    var agreement = Agreement(first, second, matches: matches)
    if let found, found.inliers >= GeometrySettings.leastInliers {
      agreement.refusal = refusal(of: found.map)
      guard agreement.refusal == nil else { return agreement }
      agreement.inliers = found.inliers
      agreement.map = found.map
    } else if matches < GeometrySettings.leastInliers {
      agreement.refusal =
        "there are \(matches) matches, and \(GeometrySettings.leastInliers) must agree"
    } else {
      agreement.refusal =
        "\(found?.inliers ?? 0) matches agree, and fewer than \(GeometrySettings.leastInliers) "
        + "do so by chance"
    }
    return agreement
  }

  /// What RANSAC gives.
  fileprivate struct Found {
    var map: AffineMap
    var inliers: Int
  }

  /// Why a map is none that a copy of a picture has; `nil` when it may be one.
  static func refusal(of map: AffineMap) -> String? {
    if !(map.determinant > 0) { return "the map mirrors, or flattens, the picture" }
    let (scale, most) = (map.scale, GeometrySettings.mostScale)
    if !(1 / most...most).contains(scale) {
      return "the map changes the size more than \(most) times"
    }
    return map.stretch <= GeometrySettings.mostStretch
      ? nil
      : "the map stretches one direction more than \(GeometrySettings.mostStretch) times "
        + "as much as another"
  }
}

extension GeometryLibrary {
  /// How well one transform lays `first` over `second`: the same numbers for the same features.
  ///
  /// - Throws: `internal-error` with the library's reason.
  package func agreement(
    of first: LocalFeatures, with second: LocalFeatures
  ) throws -> Agreement {
    let matches = try first.matches(with: second)
    let found =
      matches.count >= GeometrySettings.leastInliers
      ? try map(laying: matches.map(\.from), over: matches.map(\.to)) : nil
    return Agreement.of(first, second, matches: matches.count, found)
  }

  private func map(
    laying from: [LocalFeatures.Point], over to: [LocalFeatures.Point]
  ) throws -> Agreement.Found? {
    let starts = from.map { cgeo_point(x: $0.x, y: $0.y) }
    let ends = to.map { cgeo_point(x: $0.x, y: $0.y) }
    var numbers = [Double](repeating: 0, count: 6)
    var agrees = [UInt8](repeating: 0, count: starts.count)
    var found: Int32 = 0
    let failure = messageOfFailure { text, room in
      cgeo_estimate(
        handle, starts, ends, starts.count, GeometrySettings.tolerance,
        Int32(GeometrySettings.iterations), &numbers, &agrees, &found,
        cgeo_message(text: text, capacity: room))
    }
    if let failure { throw ParallaxError(.internalError, "no transform: \(failure)") }
    guard found != 0, numbers.allSatisfy(\.isFinite) else { return nil }
    return Agreement.Found(
      map: AffineMap(
        xx: numbers[0], xy: numbers[1], x: numbers[2],
        yx: numbers[3], yy: numbers[4], y: numbers[5]),
      inliers: agrees.count { $0 != 0 })
  }
}
