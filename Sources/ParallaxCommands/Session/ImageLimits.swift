internal import ParallaxCore
internal import ParallaxImaging
internal import ParallaxProviders

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
}
