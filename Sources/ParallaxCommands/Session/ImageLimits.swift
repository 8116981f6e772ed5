internal import ParallaxCore
internal import ParallaxImaging
internal import ParallaxProviders
private import ParallaxSystem

extension Session {
  /// Hands what a person set to the decoder, where it differs from what was set before.
  func limitImages(from old: Settings) {
    let (pixels, bytes) = ("image.max_megapixels", "image.max_megabytes")
    if settings[pixels] != old[pixels] {
      let count = settings.integer(pixels) * 1_000_000
      providers.decoder.limits.pixels = count
      providers.decoder.limits.memory = DecodeLimits.memory(forPixels: count)
    }
    if settings[bytes] != old[bytes] {
      providers.decoder.limits.fileBytes = settings.integer(bytes) * 1_000_000
    }
  }

  /// Bytes the file of an image may have.
  var imageBytes: Int { providers.decoder.limits.fileBytes }

  /// - Throws: `image-too-large` for a file that it would take long to read and that is refused then.
  func checkSize(ofImageAt path: String) throws {
    guard let size = FileStatus(at: path)?.size, size > imageBytes else { return }
    throw DecodeLimits.tooLarge(path, Int(size), limit: imageBytes)
  }
}
