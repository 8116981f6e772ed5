internal import ParallaxCore
internal import ParallaxProviders
package import ParallaxStorage

/// How sources are brought into a collection.
package struct IngestTerms: Sendable, Hashable {
  /// Whether changes are counted and not made.
  package var isDryRun = false
  /// Whether a warning stops before anything is changed.
  package var isStrict = false

  package init() {}
}

/// How a collection is brought up to date with its sources.
package struct SyncTerms: Sendable, Hashable {
  package var ingest = IngestTerms()
  /// Whether every file is read, whatever its size and times say.
  package var verifies = false
  /// Whether items whose files are gone are removed even if that is most of a source.
  package var removesMost = false
  /// A source to drop with its images.
  package var forgotten: String?

  package init() {}
}

extension Workbench {
  /// Reads a source into a collection and remembers it.
  ///
  /// - Throws: what is wrong with what was asked, naming the parameter; `unreadable-file`,
  ///   `invalid-value`, `strict-warning`, `cancelled`.
  @concurrent package func ingest(
    _ asked: IngestOptions, into collection: ItemCollection, _ terms: IngestTerms = IngestTerms(),
    _ handler: @escaping EventHandler
  ) async throws -> IngestOutcome {
    let source = try asked.source()
    defer { spaces.unload(collection) }
    return try await ingester(collection, terms, handler).run([source])
  }

  /// Reads the sources of a collection again; items whose files are gone are removed.
  ///
  /// What cannot be read of one source is a failure of the outcome; the others are read.
  ///
  /// - Throws: `no-result` when there is no source; `unknown-name` for a source to forget that is
  ///   none, naming `forget`; `strict-warning`, `cancelled`.
  @concurrent package func sync(
    _ collection: ItemCollection, _ terms: SyncTerms = SyncTerms(),
    _ handler: @escaping EventHandler
  ) async throws -> IngestOutcome {
    var ingester = ingester(collection, terms.ingest, handler)
    ingester.removesMissing = true
    ingester.removesMost = terms.removesMost
    ingester.verifies = terms.verifies
    ingester.forgotten = try terms.forgotten.map { written in
      try attributing(to: "forget") { try workspace.sourcePath(written, of: collection) }
    }
    let sources = try workspace.sources(of: collection)
    guard !sources.isEmpty else {
      throw ParallaxError(
        .noSource, "collection '\(collection.name)' has no source to read again",
        hint: "'ingest \(collection.name) FOLDER' reads one")
    }
    defer { spaces.unload(collection) }
    return try await ingester.run(sources.filter { $0.path != ingester.forgotten })
  }

  /// The path of a source as it is stored; what is written may be relative, or lead over links.
  ///
  /// - Throws: `unknown-name` with the paths there are, naming `PATH`.
  package func sourcePath(_ written: String, of collection: ItemCollection) throws -> String {
    try attributing(to: "PATH") { try workspace.sourcePath(written, of: collection) }
  }

  /// Drops a source with the images that no other source holds; nothing else is read or changed.
  ///
  /// - Parameter path: as it is stored.
  /// - Returns: how many images went.
  @concurrent package func dropSource(
    _ path: String, of collection: ItemCollection
  ) async throws -> Int {
    var ingester = ingester(collection, IngestTerms()) { _ in }
    ingester.removesMissing = true
    ingester.forgotten = path
    let others = try workspace.sources(of: collection).filter { $0.path != path }
    defer { spaces.unload(collection) }
    return try await ingester.forget(others)
  }

  private func ingester(
    _ collection: ItemCollection, _ terms: IngestTerms, _ handler: @escaping EventHandler
  ) -> Ingester {
    var ingester = Ingester(
      workspace: workspace, collection: collection, decoder: models.providers.decoder,
      sources: sources, progress: { handler(.progress($0)) })
    ingester.isDryRun = terms.isDryRun
    ingester.isStrict = terms.isStrict
    return ingester
  }
}
