internal import ParallaxCore
internal import ParallaxProviders
package import ParallaxStorage

/// A space of a smaller dimension, made from another one.
package struct Projection: Sendable, Hashable {
  package var space: Space
  /// Vectors that were added.
  package var added: Int
  /// Vectors that were there and are of the same contents.
  package var before: Int
}

extension Workbench {
  /// Vectors stored at a time.
  private static let batch = 2_048

  /// Makes spaces of smaller dimensions from the beginnings of a space's vectors, at unit length; one
  /// that exists is completed.
  ///
  /// - Parameter isStrict: whether what would be warned of prevents everything.
  /// - Throws: `strict-warning`; `invalid-value` and `unsupported` naming `dim`, `already-exists` for a name that is
  ///   another space's; `cancelled`.
  @concurrent package func project(
    _ space: Space, to dimensions: [Int], budget: Int?, isStrict: Bool = false,
    _ handler: @escaping EventHandler
  ) async throws -> [Projection] {
    for (index, dimension) in dimensions.enumerated() where dimension >= space.spec.dimension {
      throw ParallaxError(
        .invalidValue,
        "'dim' takes numbers below the \(space.spec.dimension) of '\(space.reference)'; "
          + "got \(dimension)", parameter: .init(name: "dim", index: index))
    }
    let isImported = space.spec.provider == ImportedProvider.id
    if isImported {
      // Nothing embeds a question for it at any dimension, and nothing says how it was trained.
      let warning =
        "nothing says that '\(space.spec.model)' was trained so that the first numbers of a vector "
        + "stand for it (Matryoshka): if it was not, the cut harms; 'compare' and 'diff' measure it"
      if isStrict { throw ParallaxError(.strictWarning, warning, hint: "nothing was made") }
      handler(.warning(warning))
    }
    // The model must know the dimension, or nothing could be asked of the space.
    for (index, dimension) in dimensions.enumerated() where !isImported {
      do {
        var spec = space.spec
        spec.dimension = dimension
        _ = try await models.embedder(
          for: EmbedderRequest(spec), provider: spec.provider, subject: space.reference,
          budget: budget)
      } catch let error as ParallaxError where error.code == .unsupported {
        throw error.about(.init(name: "dim", index: index))
      }
    }
    let loaded = try await spaces.loading(space, progress: { handler(.progress($0)) }).loaded
    let hashes = try workspace.embeddedHashes(in: space)
    return try dimensions.map { try project(loaded, hashes, to: $0) }
  }

  private func project(
    _ loaded: LoadedSpace, _ hashes: [ItemRecord.RowID: ContentHash], to dimension: Int
  ) throws -> Projection {
    var spec = loaded.space.spec
    spec.dimension = dimension
    let made = try workspace.createSpace(
      named: "\(loaded.space.name)-\(dimension)", in: loaded.space.collection, spec: spec)
    // What is stored already from the same contents stays; another run adds what has come.
    let stored = try workspace.embeddedHashes(in: made)
    let rows = loaded.items.indices.filter {
      let hash = hashes[loaded.items[$0]]
      return hash != nil && hash != stored[loaded.items[$0]]
    }
    // In memory it would be what it was before.
    defer { if !rows.isEmpty { spaces.unload(made) } }
    for start in stride(from: 0, to: rows.count, by: Self.batch) {
      try Task.checkCancellation()
      let vectors = rows[start..<min(start + Self.batch, rows.count)].compactMap { row in
        hashes[loaded.items[row]].flatMap { hash in
          Vector.normalized(Array(loaded.matrix.row(row).prefix(dimension))).map {
            StoredVector(item: loaded.items[row], hash: hash, vector: $0)
          }
        }
      }
      try workspace.append(vectors, to: made)
    }
    return Projection(space: made, added: rows.count, before: loaded.items.count - rows.count)
  }
}
