package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct ProjectCommand: Command {
  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let dimensions = OptionKey.list(
    "dim", .integer(1...65_536), placeholder: "N", help: "dimensions to make", required: true)

  package static let signature = CommandSignature(
    verb: "project", group: "Spaces",
    summary: "make smaller spaces from a space, without embedding anything again",
    discussion: """
      Some models (Matryoshka) are trained to put the most information into the first numbers of a \
      vector: a prefix, scaled to unit length, is the vector of the smaller dimension. The new \
      spaces are called SPACE-DIMENSION. Queries against them are embedded at that dimension.
      """,
    objects: [space],
    options: [dimensions],
    examples: ["project photos@base --dim 128,64"])

  /// Vectors stored at a time.
  private static let batch = 2_048

  private let space: SpaceReference
  private let dimensions: [Int]

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    dimensions = try arguments[Self.dimensions]
  }

  package func foresee(in scope: inout ScriptScope) throws {
    guard let name = space.space else { return scope.forgetSpaces() }
    for dimension in dimensions {
      scope.addSpace(SpaceReference(collection: space.collection, space: "\(name)-\(dimension)"))
    }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let space = try attributing(to: Self.space) { try session.bench.space(self.space) }
    for (index, dimension) in dimensions.enumerated() where dimension >= space.spec.dimension {
      throw ParallaxError(
        .invalidValue,
        "'dim' takes numbers below the \(space.spec.dimension) of '\(space.reference)'; "
          + "got \(dimension)", parameter: Self.dimensions.parameter(index))
    }
    // The model must know the dimension, or nothing could be asked of the space.
    for dimension in dimensions {
      _ = try await session.embedder(
        for: .init(model: space.spec.model, dimension: dimension, task: space.spec.task),
        provider: space.spec.provider, subject: space.reference)
    }
    let loaded = try await session.bench.spaces.loading(
      space, progress: session.progress()
    ).loaded
    let hashes = try session.workspace.embeddedHashes(in: space)
    var notes: [String] = []
    for dimension in dimensions {
      var spec = space.spec
      spec.dimension = dimension
      let made = try session.workspace.createSpace(
        named: "\(space.name)-\(dimension)", in: space.collection, spec: spec)
      // What is stored already from the same contents stays; another run adds what has come.
      let stored = try session.workspace.embeddedHashes(in: made)
      let rows = loaded.items.indices.filter {
        let hash = hashes[loaded.items[$0]]
        return hash != nil && hash != stored[loaded.items[$0]]
      }
      for start in stride(from: 0, to: rows.count, by: Self.batch) {
        try Task.checkCancellation()
        let vectors = rows[start..<min(start + Self.batch, rows.count)].compactMap { row in
          hashes[loaded.items[row]].flatMap { hash in
            Vector.normalized(Array(loaded.matrix.row(row).prefix(dimension))).map {
              StoredVector(item: loaded.items[row], hash: hash, vector: $0)
            }
          }
        }
        try session.workspace.append(vectors, to: made)
      }
      // In memory it is what it was before.
      if !rows.isEmpty { session.bench.spaces.unload(made) }
      let before = loaded.items.count - rows.count
      notes.append(
        "made \(made.reference): \(Wording.count(rows.count, "vector")) of \(dimension)"
          + (before > 0 ? ", \(Wording.count(before)) as before" : ""))
    }
    return CommandOutput(notes: notes)
  }
}
