package import ParallaxCore

/// What decides how many matches of two pictures agree. Chosen on photographs that no reported figure
/// is of; see the module's README.
package enum GeometrySettings {
  /// Pictures are looked at fitted into a square of this side, in pixels…
  package static let side = 640
  /// …and twice as large when no side is longer than this: the patch of a feature is 31 pixels wide.
  static let doubledSide = 320
  /// A picture with a shorter side has no features.
  static let leastSide = 16
  /// Features of a picture, at most: the strongest.
  static let features = 1000
  /// How much darker or lighter the ring around a corner must be, in grey values.
  static let contrast = 5
  /// A match must be nearer than this many hundredths of the distance to the next best.
  static let share = 80
  /// How far from where the map takes it a match may lie, in pixels of the looked-at picture.
  static let tolerance = 3.0
  /// Tries to find the map.
  static let iterations = 2000
  /// Fewer matches agree by chance, and count as none.
  package static let leastInliers = 10
  /// A picture is at most this many times larger or smaller in the other.
  package static let mostScale = 8.0
  /// The map stretches no direction more than this many times as much as another.
  package static let mostStretch = 2.0

  /// How pixels are made of a file.
  package static let transform = ImageTransform(
    resize: .fit(width: side, height: side), resample: .bicubic)

  /// All of it, as `name=value` in a fixed order, for an identity.
  package static let identity: [String] = [
    "pixels=\(transform.identity)", "doubled=\(doubledSide)", "features=orb\(features)",
    "contrast=\(contrast)", "share=\(share)", "map=affine", "tolerance=\(tolerance)",
    "iterations=\(iterations)", "least=\(leastInliers)", "scale=\(mostScale)",
    "stretch=\(mostStretch)",
  ]
}
