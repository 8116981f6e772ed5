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
  /// The bytes are no longer those that were asked for.
  package static let changedFile = Self("changed-file")
  /// The worker was killed from outside while it decoded the image.
  package static let workerKilled = Self("worker-killed")
  /// The worker crashed or ended while it decoded the image.
  package static let imageCrashedDecoder = Self("image-crashed-decoder")
}
