internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxIngest
internal import ParallaxProviders
private import ParallaxReporting
package import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// More is read of no file of vectors, which stands in memory.
  private static let vectorLimit = 1 << 35
  private static let idLimit = 1 << 31
  /// Vectors stored at a time.
  private static let importedAtOnce = 2_048

  /// Makes a space of vectors that were made elsewhere, or adds to one of the same identity: all of
  /// them, or none.
  ///
  /// Vectors are kept as 32-bit floats at unit length. Those of ids that are no items are left out.
  ///
  /// - Throws: `unreadable-file`; `invalid-value` naming file and row for what is no vector;
  ///   `already-exists` naming `as` for a space of another identity or with another vector of an item;
  ///   `unsupported` and `model-changed` for what the provider's model does not make; `strict-warning`;
  ///   `cancelled`.
  @concurrent package func importVectors(
    _ request: VectorImport, to collection: ItemCollection, _ handler: @escaping EventHandler
  ) async throws -> ImportedVectors {
    try attributing(to: "as") { try ObjectName.check(request.name, kind: "space") }
    let bytes = try attributing(to: "vectors") {
      try InputFile.contents(of: request.vectors, atMost: Self.vectorLimit)
    }
    let matrix = try attributing(to: "vectors") { try NPYMatrix(bytes, of: request.vectors) }
    let list = try attributing(to: "ids") {
      try IDList(InputFile.contents(of: request.ids, atMost: Self.idLimit), of: request.ids)
    }
    guard list.ids.count == matrix.rowCount else {
      throw ParallaxError(
        .invalidValue,
        "'\(request.vectors)' has \(Wording.count(matrix.rowCount, "vector")) and '\(request.ids)' "
          + "\(Wording.count(list.ids.count, "id"))",
        hint: "line N is the id of row N", parameter: "ids")
    }
    let spec = try await spec(of: request, matrix, bytes, for: collection)
    let places = try VectorPlaces(list, request, in: collection, workspace)
    let rows = VectorRows(matrix, list, of: request)
    let findings = try rows.check(places.rows) {
      handler(.progress(Progress("checking", completed: $0, total: $1, unit: "vectors")))
    }
    let warnings = places.warnings + findings.warnings
    if request.isStrict, let first = warnings.first {
      throw ParallaxError(.strictWarning, first, hint: "nothing was imported")
    }

    let present = try workspace.spaces(in: collection).first {
      $0.name == request.name && $0.spec == spec
    }
    let known = try present.map { try workspace.load($0) }
    let fresh = try places.rows.filter { try !rows.isKnown($0, of: places, in: known) }
    let space = try attributing(to: "as") {
      try workspace.createSpace(named: request.name, in: collection, spec: spec) { store in
        for start in stride(from: 0, to: fresh.count, by: Self.importedAtOnce) {
          try Task.checkCancellation()
          handler(
            .progress(Progress("storing", completed: start, total: fresh.count, unit: "vectors")))
          try store(
            fresh[start..<min(start + Self.importedAtOnce, fresh.count)].compactMap { row in
              guard let item = places.items[row], let vector = rows.unit(row) else { return nil }
              return StoredVector(item: item.rowID, hash: item.hash, vector: vector)
            })
        }
      }
    }
    spaces.unload(space)
    for note in findings.notes { handler(.note(note)) }
    for warning in warnings { handler(.warning(warning)) }
    return ImportedVectors(
      space: space, added: fresh.count, before: places.rows.count - fresh.count)
  }

  /// The identity that the vectors are said to have. One that is the provider's own must be what the
  /// provider says, so that its embedder can ask the space.
  private func spec(
    of request: VectorImport, _ matrix: NPYMatrix, _ bytes: [UInt8], for collection: ItemCollection
  ) async throws -> EmbeddingSpec {
    guard let provider = request.provider, provider != ImportedProvider.id else {
      return EmbeddingSpec(
        provider: ImportedProvider.id, model: request.model ?? "unknown",
        version: request.version ?? "file \(Digest.sha256(bytes).hexadecimal.prefix(16))",
        task: request.task, dimension: matrix.dimension,
        preprocessing: request.preprocessing ?? "unknown", content: request.content)
    }
    guard let model = request.model else {
      throw ParallaxError(
        .invalidValue, "--provider needs the --model that made the vectors", parameter: "provider")
    }
    let embedder = try await models.embedder(
      for: EmbedderRequest(
        model: model, dimension: matrix.dimension, task: request.task, content: request.content),
      provider: provider, subject: "\(collection.name)@\(request.name)", budget: nil,
      isForEstimate: true)
    let stated = [
      ("model-version", request.version, embedder.spec.version),
      ("preprocessing", request.preprocessing, embedder.spec.preprocessing),
    ]
    for case (let name, .some(let value), let own) in stated where value != own {
      throw ParallaxError(
        .modelChanged, "'\(model)' of '\(provider)' is of \(name) '\(own)' here, not '\(value)'",
        hint: "without --provider the vectors are of no model here, and cannot be asked by text",
        parameter: .init(name: name))
    }
    return embedder.spec
  }
}
