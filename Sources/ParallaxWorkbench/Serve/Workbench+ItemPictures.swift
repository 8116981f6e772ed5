package import ParallaxCore
private import ParallaxDigest
private import ParallaxImaging
private import ParallaxProviders
private import ParallaxSources
package import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  private static let previewQuality = 82

  /// The picture of an item made small, as JPEG without any metadata; of one whose bytes are not kept, the
  /// small one that is, where it is large enough.
  ///
  /// - Parameter side: pixels that its longer side has at most.
  /// - Throws: `changed-file` for other bytes than were ingested; `unreadable-file`, and what decoding throws;
  ///   `CancellationError`.
  @concurrent package func preview(of item: ItemRecord, side: Int) async throws -> [UInt8] {
    if sources.reads(item.path), let kept = try workspace.thumbnail(of: item.hash),
      max(kept.width, kept.height) * 3 >= side * 2
    {
      return kept.jpeg
    }
    return try await preview(ofFile: item.path, side: side, expecting: item.hash)
  }

  /// A picture of a file made small, as JPEG without any metadata.
  ///
  /// - Throws: as ``preview(of:side:)``.
  @concurrent package func preview(
    ofFile path: String, side: Int, expecting content: ContentHash? = nil
  ) async throws -> [UInt8] {
    let transform = ImageTransform(resize: .fit(width: side, height: side))
    return try await models.providers.decoder.jpeg(
      path, transform, quality: Self.previewQuality, expecting: content
    ).bytes
  }

  /// The bytes of an item's picture, which are those that were ingested.
  ///
  /// - Throws: `changed-file` for others; `unreadable-file`; `image-too-large` for more than `limit` bytes.
  @concurrent package func original(of item: ItemRecord, atMost limit: Int) async throws -> [UInt8]
  {
    let bytes: [UInt8]
    if sources.reads(item.path) {
      bytes = try await sources.withContents(of: item.path, atMost: limit) { $0 }
    } else {
      let file = try InputFile(item.path)
      guard file.status.size <= limit else {
        throw DecodeLimits.tooLarge(item.path, Int(file.status.size), limit: limit)
      }
      bytes = try file.contents(atMost: limit)
    }
    guard Digest.sha256(bytes) == item.hash else {
      throw ParallaxError(
        .changedFile, "'\(item.id)' has other contents than when it was read",
        hint: "'sync' reads it again")
    }
    return bytes
  }

  /// What the header of a picture says that somebody asks by.
  ///
  /// - Throws: what decoding throws for what is no picture, or too large a one.
  @concurrent package func probe(_ path: String) async throws -> (
    width: Int, height: Int, format: String
  ) {
    let properties = try await models.providers.decoder.probe(path)
    return (properties.width, properties.height, properties.format)
  }
}
