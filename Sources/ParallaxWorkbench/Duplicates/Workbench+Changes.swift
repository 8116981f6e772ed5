package import ParallaxCore
internal import ParallaxDigest
package import ParallaxImaging
internal import ParallaxProviders
internal import ParallaxSystem

/// A picture of which changed copies are made.
package struct ChangeSource: Sendable, Hashable {
  /// Names the picture in errors.
  package var name: String
  package var path: String
  /// What its bytes must be.
  package var hash: ContentHash

  package init(name: String, path: String, hash: ContentHash) {
    self.name = name
    self.path = path
    self.hash = hash
  }
}

extension Workbench {
  /// Pixels along a side that copies have at most before they are changed.
  package static let changedSide = 1_024

  /// Makes copies of pictures with a change and hands them over as files that a model embeds like any others.
  ///
  /// Copies are first made as small as fits into a square of ``changedSide`` pixels. They lie in a
  /// private folder, which goes when `body` ends, also by an error or by cancellation.
  ///
  /// - Parameter body: gets one outcome a source, in order; a picture that cannot be decoded fails alone.
  /// - Throws: `unwritable-file`, `cancelled`, `missing-component`, and what `body` throws.
  @concurrent package func withCopies<Value: Sendable>(
    of sources: [ChangeSource], changedBy change: any PictureChange,
    _ body: @Sendable ([Result<ModelInput, ParallaxError>]) async throws -> Value
  ) async throws -> Value {
    let folder = try TemporaryFolder(for: "changed copies")
    defer { folder.remove() }
    let decoder = models.providers.decoder
    let transform = ImageTransform(
      resize: .fit(width: Self.changedSide, height: Self.changedSide))
    let numbered = sources.enumerated().map { (number: $0, source: $1) }
    return try await body(
      numbered.concurrentOutcomes { number, source in
        let bytes = try await decoder.file(
          source.path, transform, changedBy: change, expecting: source.hash)
        let path = "\(folder.path)/\(number).jpg"
        try FileWriter.replaceOwn([FileWriter.File(path, bytes)])
        return ModelInput(
          name: "\(source.name) (\(change.id))",
          parts: [.image(path: path, hash: Digest.sha256(bytes))])
      })
  }
}
