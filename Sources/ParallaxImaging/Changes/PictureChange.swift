package import ParallaxCore

/// Something that people do to copies of a picture, to measure how far a copy is still found.
///
/// The same picture gives the same pixels on every processor: sums of whole numbers, or of doubles in a fixed
/// order, and cosines as constants. The result is stored as JPEG, so a recompression is part of every
/// change.
package protocol PictureChange: Sendable {
  /// Such as `crop-center-80`.
  var id: String { get }
  /// What several strengths share, such as `crop`.
  var kind: String { get }
  /// What is done and how much, such as `the central 80 % of the area`.
  var strength: String { get }
  /// Of the JPEG that it is stored as, from 1 to 100.
  var quality: Int { get }

  /// `nil` when memory runs out.
  func applied(to picture: PixelBuffer) -> PixelBuffer?
}

extension PictureChange {
  package var quality: Int { 95 }
}

/// Every change, the kinds one after another.
package enum PictureChangeRegistry {
  private static let groups: [[any PictureChange]] = [
    CropChange.all, RescaleChange.all, RecompressionChange.all, ColorChange.all, TurnChange.all,
    RotationChange.all, TextChange.all, FrameChange.all, BlurChange.all, NoiseChange.all,
  ]

  package static let all: [any PictureChange] = groups.flatMap(\.self)

  /// In the order of ``all``, each once.
  package static let kinds: [String] = all.reduce(into: []) { kinds, change in
    if kinds.last != change.kind { kinds.append(change.kind) }
  }

  package static func change(withID id: String) -> (any PictureChange)? {
    all.first { $0.id == id }
  }
}

extension TransformedPixels {
  /// - Parameter change: the id of a registered change.
  func changed(by change: String) throws(DecodeFailure) -> PixelBuffer {
    guard let change = PictureChangeRegistry.change(withID: change) else {
      throw DecodeFailure(.internalError, "it is to be changed in a way that is not known")
    }
    let picture = PixelBuffer(width: width, height: height, bytes: Array(bytes))
    guard let changed = change.applied(to: picture) else {
      throw DecodeFailure(.internalError, "out of memory")
    }
    return changed
  }
}
