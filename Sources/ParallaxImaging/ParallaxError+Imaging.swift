package import ParallaxCore

extension ParallaxError.Code {
  /// The bytes are not of a kind that is decoded here.
  package static let unsupportedFormat = Self("unsupported-format")
  /// The bytes are damaged or cut off.
  package static let corruptImage = Self("corrupt-image")
  /// The header announces more pixels than allowed, or decoding needs too much memory.
  package static let imageTooLarge = Self("image-too-large")
  /// Decoding took longer than allowed.
  package static let imageTooSlow = Self("image-too-slow")
  /// The worker ended while it decoded the image.
  package static let imageCrashedDecoder = Self("image-crashed-decoder")
}
