/// What is done to the pixels between the file and the model; part of a space's identity.
///
/// Every decode applies the EXIF orientation, converts to sRGB, flattens alpha
/// on white and takes the first frame; that part has `decodeVersion`.
package struct ImageTransform: Sendable, Hashable {
  /// Rises when decoding changes what any image looks like.
  package static let decodeVersion = 2

  package enum Resize: Sendable, Hashable {
    case none
    /// The shorter side becomes this many pixels, the aspect is kept.
    case shortestEdge(Int)
    /// The picture is fitted into the box, the aspect is kept, never enlarged.
    case fit(width: Int, height: Int)
    /// Both sides are set, the aspect is not kept.
    case exact(width: Int, height: Int)
  }

  /// Interpolation, named as PIL does; all of them average when shrinking.
  package enum Resample: String, Sendable, Hashable {
    case nearest, bilinear, bicubic, lanczos
  }

  package struct Size: Sendable, Hashable {
    package var width: Int
    package var height: Int
    package init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  package var resize: Resize
  package var resample: Resample
  /// A central crop after resizing; parts outside the picture are black.
  package var centerCrop: Size?
  /// Whether bars that a letterbox put at two or four sides are cut off first; white ones stay.
  ///
  /// Of use where `resize` is `exact` and nothing is cropped.
  package var trimsBars: Bool

  package init(
    resize: Resize, resample: Resample = .bicubic, centerCrop: Size? = nil, trimsBars: Bool = false
  ) {
    self.resize = resize
    self.resample = resample
    self.centerCrop = centerCrop
    self.trimsBars = trimsBars
  }

  /// A canonical text for identities, such as `decode2/shortest224/bicubic/crop224x224`.
  package var identity: String {
    var parts = ["decode\(Self.decodeVersion)"]
    if trimsBars { parts.append("trimbars") }
    switch resize {
    case .none: break
    case .shortestEdge(let edge): parts += ["shortest\(edge)", resample.rawValue]
    case .fit(let width, let height): parts += ["fit\(width)x\(height)", resample.rawValue]
    case .exact(let width, let height): parts += ["exact\(width)x\(height)", resample.rawValue]
    }
    if let centerCrop { parts.append("crop\(centerCrop.width)x\(centerCrop.height)") }
    return parts.joined(separator: "/")
  }
}

/// Decoded pixels: interleaved 8-bit sRGB, row by row, no padding.
package struct PixelBuffer: Sendable, Hashable {
  package let width: Int
  package let height: Int
  /// `width * height * 3` bytes.
  package let bytes: [UInt8]

  package init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(bytes.count == width * height * 3, "a pixel buffer has three bytes a pixel")
    self.width = width
    self.height = height
    self.bytes = bytes
  }
}

/// What a header says of an image before its pixels are decoded.
package struct ImageProperties: Sendable, Hashable {
  /// In pixels, as the viewer sees it (after orientation).
  package var width: Int
  package var height: Int
  /// Lower-case format name: `jpeg`, `png`, `webp`, `heif`, `gif`, `tiff`.
  package var format: String
  package var frames: Int
  /// EXIF orientation, 1 to 8; 1 when there is none.
  package var orientation: Int

  package init(width: Int, height: Int, format: String, frames: Int = 1, orientation: Int = 1) {
    self.width = width
    self.height = height
    self.format = format
    self.frames = frames
    self.orientation = orientation
  }
}
