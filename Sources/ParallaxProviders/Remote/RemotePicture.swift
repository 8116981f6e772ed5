internal import ParallaxCore
internal import ParallaxImaging

/// How pictures are made ready to be sent: a stated size, JPEG, nothing but the picture.
struct RemotePicture: Sendable, Hashable {
  var transform: ImageTransform
  /// 1 to 100.
  var quality: Int

  /// Enough pixels for detail, few enough bytes for many pictures in a request.
  static let usual = RemotePicture(
    transform: ImageTransform(resize: .fit(width: 1024, height: 1024)), quality: 90)

  /// Part of a space's identity.
  var identity: String { "\(transform.identity)/jpeg\(quality)" }

  /// The picture of a file as JPEG.
  ///
  /// - Parameter hash: what the file's bytes must be; `nil` where that does not matter.
  func jpeg(
    at path: String, expecting hash: ContentHash? = nil, _ decoder: ImageDecoder
  ) async throws -> [UInt8] {
    try await decoder.jpeg(path, transform, quality: quality, expecting: hash).bytes
  }
}
