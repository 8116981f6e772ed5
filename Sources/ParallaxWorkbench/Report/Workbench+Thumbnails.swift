package import ParallaxCore
private import ParallaxImaging
internal import ParallaxProviders
package import ParallaxReporting
private import ParallaxSources
private import ParallaxStorage
private import Synchronization

/// A picture as a report shows it.
enum SmallPicture {
  /// Pixels along the longer side.
  private static let side = 208
  static let quality = 75
  static let box = ImageTransform.Size(width: side, height: side)
  static let transform = ImageTransform(fitting: box)
}

extension Workbench {
  /// Of what a terminal shows.
  private static let terminalQuality = 90

  /// Pictures as a report shows them: small, as JPEG without any metadata. One that cannot be made says
  /// why, and is no error.
  ///
  /// - Throws: `cancelled` and `CancellationError`.
  @concurrent package func thumbnails(
    of sources: [ReportPicture.Source], _ handler: @escaping EventHandler
  ) async throws -> [ReportPicture.Source: ReportPicture] {
    let decoder = models.providers.decoder
    return try await small(sources, handler, ReportPicture.failed) { source in
      if self.sources.reads(source.path), let hash = source.hash,
        let kept = try self.workspace.thumbnail(of: hash)
      {
        return .shown(jpeg: kept.jpeg, width: kept.width, height: kept.height)
      }
      let (properties, bytes) = try await decoder.jpeg(
        source.path, SmallPicture.transform, quality: SmallPicture.quality, expecting: source.hash)
      let size = properties.size(fitting: SmallPicture.box)
      return .shown(jpeg: bytes, width: size.width, height: size.height)
    }
  }

  /// Pictures as a terminal is sent them. One that cannot be made says why, and is no error.
  ///
  /// - Parameter box: pixels that each fits into.
  /// - Throws: `cancelled` and `CancellationError`.
  @concurrent package func terminalPictures(
    of sources: [ReportPicture.Source], as material: PictureStyle.Material,
    in box: ImageTransform.Size, _ handler: @escaping EventHandler
  ) async throws -> [ReportPicture.Source: TerminalPicture] {
    let decoder = models.providers.decoder
    let transform = ImageTransform(fitting: box)
    return try await small(sources, handler, TerminalPicture.failed) { source in
      let (properties, bytes): (ImageProperties, [UInt8])
      switch material {
      case .pixels:
        return .pixels(
          try await decoder.decode(source.path, transform, expecting: source.hash).pixels)
      case .png:
        (properties, bytes) = try await decoder.png(
          source.path, transform, expecting: source.hash)
      case .jpeg:
        (properties, bytes) = try await decoder.jpeg(
          source.path, transform, quality: Self.terminalQuality, expecting: source.hash)
      }
      let size = properties.size(fitting: box)
      return .file(bytes, width: size.width, height: size.height)
    }
  }

  /// - Parameter failed: what stands for a picture that cannot be made, with the reason.
  private func small<Picture: Sendable>(
    _ sources: [ReportPicture.Source], _ handler: @escaping EventHandler,
    _ failed: @escaping @Sendable (String) -> Picture,
    _ make: @escaping @Sendable (ReportPicture.Source) async throws -> Picture
  ) async throws -> [ReportPicture.Source: Picture] {
    let done = Mutex(0)
    let pictures = try await sources.concurrentOutcomes { source in
      defer {
        let count = done.withLock { count in
          count += 1
          return count
        }
        handler(
          .progress(
            Progress("making small", completed: count, total: sources.count, unit: "pictures")))
      }
      do {
        return try await make(source)
      } catch let error as ParallaxError where error.code == .changedFile {
        return failed("'\(source.path)' has other contents than when it was read")
      } catch let error as ParallaxError where error.code != .cancelled {
        return failed(error.message)
      }
    }
    return Dictionary(
      try zip(sources, pictures.map { try $0.get() }).map { ($0, $1) },
      uniquingKeysWith: { first, _ in first })
  }
}

extension ImageTransform {
  fileprivate init(fitting box: Size) {
    self.init(resize: .fit(width: box.width, height: box.height))
  }
}

extension ImageProperties {
  /// Pixels of the picture once it is fitted into a box, to one.
  func size(fitting box: ImageTransform.Size) -> ImageTransform.Size {
    let scale = min(
      1, Double(box.width) / Double(max(width, 1)), Double(box.height) / Double(max(height, 1)))
    func scaled(_ length: Int) -> Int { max(1, Int((Double(length) * scale).rounded())) }
    return .init(width: scaled(width), height: scaled(height))
  }
}
