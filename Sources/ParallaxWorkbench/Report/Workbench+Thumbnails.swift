internal import ParallaxCore
private import ParallaxImaging
internal import ParallaxProviders
package import ParallaxReporting
private import Synchronization

extension Workbench {
  /// Pixels along the longer side of a small picture.
  private static let side = 208
  private static let quality = 75

  /// Pictures as a report shows them: small, as JPEG without any metadata. One that cannot be made says
  /// why, and is no error.
  ///
  /// - Throws: `cancelled` and `CancellationError`.
  @concurrent package func thumbnails(
    of sources: [ReportPicture.Source], _ handler: @escaping EventHandler
  ) async throws -> [ReportPicture.Source: ReportPicture] {
    let decoder = models.providers.decoder
    let transform = ImageTransform(resize: .fit(width: Self.side, height: Self.side))
    let done = Mutex(0)
    let pictures = try await sources.concurrentOutcomes { source in
      defer {
        let count = done.withLock { count in
          count += 1
          return count
        }
        handler(
          .progress(
            Progress(
              "making small", completed: count, total: sources.count, unit: "pictures")))
      }
      do {
        let (properties, bytes) = try await decoder.jpeg(
          source.path, transform, quality: Self.quality, expecting: source.hash)
        let scale = min(
          1, Double(Self.side) / Double(max(properties.width, properties.height, 1)))
        func scaled(_ length: Int) -> Int { max(1, Int((Double(length) * scale).rounded())) }
        return ReportPicture.shown(
          jpeg: bytes, width: scaled(properties.width), height: scaled(properties.height))
      } catch let error as ParallaxError where error.code == .changedFile {
        return .failed(reason: "'\(source.path)' has other contents than when it was read")
      } catch let error as ParallaxError where error.code != .cancelled {
        return .failed(reason: error.message)
      }
    }
    return Dictionary(
      try zip(sources, pictures.map { try $0.get() }).map { ($0, $1) },
      uniquingKeysWith: { first, _ in first })
  }
}
