package import ParallaxCore
internal import ParallaxReporting
package import ParallaxStorage

extension Workbench {
  /// Decides for each picture that comes in whether it is too near to one of a space, or to one that comes
  /// in before it. Nothing is added to the collection.
  ///
  /// All vectors are compared, exactly. A file with the bytes of an item, or of a picture before it, is
  /// rejected whatever its vector.
  ///
  /// - Parameter budget: millionths of a US dollar that may be spent in this workspace; `nil` for no
  ///   limit.
  /// - Throws: `unreadable-file` and `invalid-value` about `PATH`; `unsupported` for a space of something else
  ///   than pictures; `budget` before anything is asked for; what loading the space and the model throw;
  ///   `cancelled`.
  @concurrent package func gate(
    _ request: GateRequest, on space: Space, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> GateOutcome {
    let embedding = try await PictureEmbedding(space, self, budget: budget)
    let (files, incoming) = try await incoming(request, handler)
    let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
    let vectors = try await vectors(of: incoming, by: embedding, handler)
    let comparison = try GateComparison(
      incoming, vectors.found, entry, request, in: workspace)
    let matches = try await comparison.matches { handler(.progress($0)) }
    let pictures = files.enumerated().map { place, file in
      GateOutcome.Picture(
        file, incoming[place], matches[place], problem: vectors.problems[place],
        request.thresholds)
    }
    let findings = models.drainFindings()
    for note in findings.notes + embedding.embedder.notes { handler(.note(note)) }
    for warning in findings.warnings + embedding.embedder.warnings { handler(.warning(warning)) }
    let items = try workspace.summaries(of: [space]).first?.itemCount ?? 0
    return GateOutcome(
      space: space, request: request, pictures: pictures, items: items,
      compared: entry.loaded.ids.count, cost: vectors.cost)
  }

  /// What ``gate(_:on:budget:_:)`` would ask a model for; a remote one needs no key.
  @concurrent package func gateForecast(
    _ request: GateRequest, on space: Space, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> (pictures: Int, cost: RepeatedCost, missing: ParallaxError?) {
    let embedding = try await PictureEmbedding(space, self, budget: budget, isForEstimate: true)
    let (files, incoming) = try await incoming(request, handler)
    let inputs = try unknown(incoming, to: embedding).inputs
    return (files.count, try embedding.cost(of: inputs), embedding.missing)
  }
}

/// A picture that comes in, as it is compared.
struct IncomingPicture: Sendable {
  var name: String
  var path: String
  var hash: ContentHash
}

extension Workbench {
  /// The files, and those of them that can be read, in the same places.
  private func incoming(
    _ request: GateRequest, _ handler: EventHandler
  ) async throws -> ([IncomingPictures.File], [IncomingPicture?]) {
    let listing = try await IncomingPictures(
      of: request.paths, followsLinks: request.followsLinks)
    for note in listing.notes { handler(.note(note)) }
    for warning in listing.warnings { handler(.warning(warning)) }
    let hashes = try await PictureFiles.hashes(
      of: Set(listing.files.filter { $0.fault == nil }.map(\.path)), limit: imageLimit)
    return (
      listing.read(hashes),
      listing.files.map { file in
        (try? hashes[file.path]?.get()).map {
          IncomingPicture(name: file.name, path: file.path, hash: $0)
        }
      }
    )
  }

  /// What has to be embedded: each content once.
  private func unknown(
    _ incoming: [IncomingPicture?], to embedding: PictureEmbedding
  ) throws -> (inputs: [ModelInput], contents: [ContentHash], known: [ContentHash: [Float]]) {
    let known = try embedding.known(Set(incoming.compactMap { $0?.hash }))
    var (inputs, contents) = ([ModelInput](), [ContentHash]())
    var seen = Set(known.keys)
    for case let picture? in incoming where seen.insert(picture.hash).inserted {
      inputs.append(
        ModelInput(
          name: picture.name, parts: [.image(path: picture.path, hash: picture.hash)]))
      contents.append(picture.hash)
    }
    return (inputs, contents, known)
  }

  /// The vectors of pictures, and why there is none, by their places.
  private func vectors(
    of incoming: [IncomingPicture?], by embedding: PictureEmbedding,
    _ handler: @escaping EventHandler
  ) async throws -> (found: [[Float]?], problems: [String?], cost: RepeatedCost) {
    let (inputs, contents, known) = try unknown(incoming, to: embedding)
    let cost = try embedding.cost(of: inputs)
    try embedding.check(cost, "embedding the pictures")
    let outcomes = try await embedding.vectors(of: inputs) {
      handler(
        .progress(Progress("embedding", completed: $0, total: inputs.count, unit: "pictures")))
    }
    var byContent = known.mapValues { Result<[Float], ParallaxError>.success($0) }
    for (content, outcome) in zip(contents, outcomes) { byContent[content] = outcome }
    let made = incoming.map { $0.flatMap { byContent[$0.hash] } }
    return (
      made.map { outcome in
        (try? outcome?.get()).flatMap { vector in vector.contains { $0 != 0 } ? vector : nil }
      },
      made.map { outcome in
        switch outcome {
        case nil: nil
        case .failure(let error): error.message
        case .success(let vector):
          vector.contains { $0 != 0 } ? nil : "its vector is zero: it can be compared with none"
        }
      }, cost
    )
  }
}

extension IncomingPictures {
  /// The files with why they could not be read.
  fileprivate func read(
    _ hashes: [String: Result<ContentHash, ParallaxError>]
  ) -> [File] {
    files.map { file in
      guard file.fault == nil, case .failure(let error)? = hashes[file.path] else { return file }
      var copy = file
      copy.fault = error.message
      return copy
    }
  }
}

extension GateOutcome.Picture {
  fileprivate init(
    _ file: IncomingPictures.File, _ picture: IncomingPicture?, _ matches: [GateOutcome.Match],
    problem: String?, _ thresholds: GateThresholds
  ) {
    let problem = file.fault ?? problem
    let isSame = matches.contains { $0.isCopy || $0.verdict == .duplicate }
    let score = matches.filter { $0.verdict == nil }.compactMap(\.score).max()
    let decision =
      isSame ? .reject : problem != nil ? .unreadable : thresholds.decision(score)
    self.init(
      name: file.name, path: file.path, hash: picture?.hash, decision: decision,
      matches: matches, problem: problem)
  }
}
