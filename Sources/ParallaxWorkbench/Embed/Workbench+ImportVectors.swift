internal import ParallaxCore
internal import ParallaxProviders
private import ParallaxReporting
package import ParallaxStorage

extension Workbench {
  /// Vectors stored at a time.
  private static let importedAtOnce = 2_048

  /// Makes a space of vectors that were made elsewhere, or adds to one of the same identity: all of
  /// them, or none.
  ///
  /// Vectors are kept as 32-bit floats at unit length. Those of ids that are no items are left out.
  /// Where nothing is said of what made them, the files that 'export' wrote beside them say it.
  ///
  /// - Throws: `unreadable-file`; `invalid-value` naming file and row for what is no vector;
  ///   `already-exists` naming `as` for a space of another identity or with another vector of an item;
  ///   `unsupported` and `model-changed` for what the provider's model does not make, and for what the
  ///   file beside the vectors says otherwise; `strict-warning`; `cancelled`.
  @concurrent package func importVectors(
    _ request: VectorImport, to collection: ItemCollection, _ handler: @escaping EventHandler
  ) async throws -> ImportedVectors {
    try attributing(to: "as") { try ObjectName.check(request.name, kind: "space") }
    let records = try workspace.items(in: collection)
    var files: [(part: VectorPart, places: VectorPlaces)] = []
    var spec: EmbeddingSpec?
    var (notes, warnings) = ([String](), [String]())
    for (place, file) in request.files.enumerated() {
      do {
        let part = try VectorPart(file, normalizes: request.normalizes)
        let own = try await self.spec(of: request, part, for: collection)
        if let spec, spec != own { throw Self.mixed(own, with: spec, file, request.files[0]) }
        spec = own
        let places = try part.places(of: own.content, in: collection, records)
        let findings = try part.rows.check(places.rows) {
          handler(.progress(Progress("checking", completed: $0, total: $1, unit: "vectors")))
        }
        if let origin = part.origin, origin.spec != nil {
          if !request.statesIdentity {
            notes.append("'\(origin.path)' says what made the vectors")
          } else if try part.identityBeside(isNeeded: false) == nil {
            warnings.append("'\(origin.path)' was written beside other vectors, and does not count")
          }
        }
        notes += findings.notes
        warnings += places.warnings + findings.warnings
        files.append((part, places))
      } catch let error as ParallaxError {
        throw error.moved(to: place)
      }
    }
    guard let spec else {
      throw ParallaxError(.invalidValue, "'import' needs vectors", parameter: "vectors")
    }
    let present = try workspace.spaces(in: collection).first {
      $0.name == request.name && $0.spec == spec
    }
    let known = try present.map { try workspace.load($0) }
    var joined = JoinedVectors(known)
    for (place, file) in files.enumerated() {
      do { try joined.add(file.part, file.places) } catch let error as ParallaxError {
        throw error.moved(to: place)
      }
    }
    let named = files.count == 1 ? "'\(request.files[0].vectors)'" : "the files"
    let missing = records.filter { !joined.holds($0.rowID) }.map(\.id)
    if let text = VectorPlaces.warning(ofMissing: missing, in: collection, named) {
      warnings.append(text)
    }
    if request.isStrict, let first = warnings.first {
      throw ParallaxError(.strictWarning, first, hint: "nothing was imported")
    }

    let fresh = joined.fresh
    let space = try attributing(to: "as") {
      try workspace.createSpace(named: request.name, in: collection, spec: spec) { store in
        for start in stride(from: 0, to: fresh.count, by: Self.importedAtOnce) {
          try Task.checkCancellation()
          handler(
            .progress(Progress("storing", completed: start, total: fresh.count, unit: "vectors")))
          try store(
            fresh[start..<min(start + Self.importedAtOnce, fresh.count)].compactMap {
              $0.rows.unit($0.row).map { [item = $0.item] vector in
                StoredVector(item: item.rowID, hash: item.hash, vector: vector)
              }
            })
        }
      }
    }
    spaces.unload(space)
    for note in notes { handler(.note(note)) }
    for warning in warnings { handler(.warning(warning)) }
    return ImportedVectors(
      space: space, wasThere: present != nil, added: fresh.count, before: joined.knownCount)
  }

  private static func mixed(
    _ own: EmbeddingSpec, with first: EmbeddingSpec, _ file: VectorImport.File,
    _ other: VectorImport.File
  ) -> ParallaxError {
    let differences = own.differences(from: first)
      .map { "\($0.name) is '\($0.own)', not '\($0.other)'" }
    return ParallaxError(
      .modelChanged,
      "'\(file.vectors)' has another identity than '\(other.vectors)': "
        + differences.joined(separator: "; "),
      hint: "a space never mixes two: import them under two names", parameter: "vectors")
  }

  /// The identity that the vectors are said to have. One that is the provider's own must be what the
  /// provider says, so that its embedder can ask the space.
  private func spec(
    of request: VectorImport, _ part: VectorPart, for collection: ItemCollection
  ) async throws -> EmbeddingSpec {
    let beside = try part.identityBeside(isNeeded: !request.statesIdentity)
    if let beside, !request.statesIdentity { return beside }
    let stated = try await stated(by: request, part, for: collection)
    if let beside, let origin = part.origin {
      let others = beside.differences(from: stated).filter { request.states($0.name) }
      if let first = others.first {
        throw ParallaxError(
          .modelChanged,
          "'\(origin.path)' says that the vectors' \(first.name) is '\(first.own)', not '\(first.other)'",
          hint: "leave out what is said of the model, or move that file away", parameter: "vectors")
      }
    }
    return stated
  }

  private func stated(
    by request: VectorImport, _ part: VectorPart, for collection: ItemCollection
  ) async throws -> EmbeddingSpec {
    let content = request.content ?? .image
    guard let provider = request.provider, provider != ImportedProvider.id else {
      return EmbeddingSpec(
        provider: ImportedProvider.id, model: request.model ?? "unknown",
        version: request.version ?? "file \(part.digest.hexadecimal.prefix(16))",
        task: request.task, dimension: part.dimension,
        preprocessing: request.preprocessing ?? "unknown", content: content)
    }
    guard let model = request.model else {
      throw ParallaxError(
        .invalidValue, "--provider needs the --model that made the vectors", parameter: "provider")
    }
    let embedder = try await models.embedder(
      for: EmbedderRequest(
        model: model, dimension: part.dimension, task: request.task, content: content),
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
