package import ParallaxCore

/// Decodes images in worker processes, so that no file can crash, hang or bloat the program.
///
/// Workers are started when first needed and kept. Every method may be called
/// from many tasks at once; requests wait for a free worker in order.
package final class ImageDecoder: Sendable {
  /// - Parameters:
  ///   - workers: processes that decode at the same time; `nil` for one a processor.
  ///   - executable: a program that calls `DecodeWorker.main()` when its first argument is
  ///     `DecodeWorker.argument`; `nil` for `PARALLAX_WORKER` or else the running program.
  ///   - limits: what one image may cost.
  package init(workers: Int? = nil, executable: String? = nil, limits: DecodeLimits = .default) {
  }

  /// What the header says; the pixels are not decoded.
  ///
  /// - Throws: `unreadable-file`, `unsupported-format`, `corrupt-image`, `image-too-large`,
  ///   `image-too-slow`, `image-crashed-decoder`, `missing-component`; `CancellationError`.
  package func probe(_ path: String) async throws -> ImageProperties {
    throw ParallaxError(.unsupported, "not written yet")
  }

  /// The pixels of the first frame: oriented, in sRGB, on white, transformed.
  ///
  /// - Throws: As `probe`.
  package func decode(
    _ path: String, _ transform: ImageTransform
  ) async throws -> (properties: ImageProperties, pixels: PixelBuffer) {
    throw ParallaxError(.unsupported, "not written yet")
  }

  /// Ends all workers; later requests are refused with `CancellationError`.
  package func shutdown() {
  }
}
