internal import ParallaxCore
internal import ParallaxImaging
internal import ParallaxProviders
internal import ParallaxSources
internal import ParallaxWorkbench

extension Session {
  /// Hands what a person set to the decoder and the sources, where it differs from what was set before.
  func limitImages(from old: Settings) {
    let pixels = settings[.imageMegapixels] * 1_000_000
    if pixels != old[.imageMegapixels] * 1_000_000 {
      providers.decoder.limits.pixels = pixels
      providers.decoder.limits.memory = DecodeLimits.memory(forPixels: pixels)
    }
    let bytes = settings[.imageMegabytes] * 1_000_000
    if bytes != old[.imageMegabytes] * 1_000_000 {
      providers.decoder.limits.fileBytes = bytes
    }
    bench.sources.allowsPrivate = settings[.sourcePrivate]
  }
}
