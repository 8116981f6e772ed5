package import ParallaxCore
internal import ParallaxProviders
package import ParallaxStorage

/// What the pictures of a collection show.
package struct CollectionFingerprints: Sendable {
  /// All of the collection, ids ascending.
  package let items: [ItemRecord]
  package internal(set) var byContent: [ContentHash: Fingerprint]
  /// How many of them were made now.
  package internal(set) var made = 0
  /// Items whose picture cannot be decoded, and why; ids ascending within a batch.
  package internal(set) var failures: [(item: ItemRecord, error: ParallaxError)] = []

  init(items: [ItemRecord], known: [ContentHash: Fingerprint]) {
    self.items = items
    byContent = known
  }
}

extension Workbench {
  /// The fingerprints of a collection's pictures; those that are missing are made and kept, unless the
  /// workspace is open for reading only.
  ///
  /// A picture that cannot be decoded is left out and named.
  ///
  /// - Parameter contents: that are looked at; `nil` for all of the collection.
  /// - Throws: `cancelled` saying how much was kept; `missing-component` without libvips.
  @concurrent package func fingerprints(
    of collection: ItemCollection, only contents: Set<ContentHash>? = nil,
    _ handler: @escaping EventHandler
  ) async throws -> CollectionFingerprints {
    try await FingerprintJob(
      workspace: workspace, decoder: models.providers.decoder, collection: collection,
      contents: contents, progress: { handler(.progress($0)) }
    ).run()
  }
}
