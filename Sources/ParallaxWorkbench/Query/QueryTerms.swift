internal import ParallaxCore
internal import ParallaxDigest
private import ParallaxImaging
internal import ParallaxProviders
internal import ParallaxStorage
private import ParallaxSystem
private import ParallaxText

/// The things asked for, as vectors.
struct QueryTerms {
  /// One of them.
  struct Term {
    var label: String
    var vector: [Float]
    var weight: Double
  }

  let bench: Workbench
  let space: Space
  let loaded: LoadedSpace
  let budget: Int?

  /// Files asked by, with their hashes.
  private(set) var inputs: [Provenance.Name] = []
  /// Hashes of the files and items asked by, and the ids of the items.
  private(set) var ownHashes: Set<ContentHash> = []
  private(set) var ownIDs: Set<ItemID> = []
  /// What a person should know of the vectors.
  private(set) var warnings: [String] = []

  init(bench: Workbench, space: Space, loaded: LoadedSpace, budget: Int?) {
    self.bench = bench
    self.space = space
    self.loaded = loaded
    self.budget = budget
  }

  /// Every term with its vector.
  ///
  /// - Throws: about the term at fault.
  mutating func all(_ terms: [Query.Term]) async throws -> [Term] {
    var vectors: [Term] = []
    for term in terms {
      do {
        vectors.append(
          Term(
            label: term.label, vector: try await vector(of: term.content), weight: term.weight))
      } catch let error as ParallaxError {
        throw error.about(term.parameter)
      }
    }
    return vectors
  }

  /// One text and one image as one vector of the model's own making.
  ///
  /// - Throws: `unsupported` when the model joins nothing.
  mutating func joint(_ terms: [Query.Term]) async throws -> Term {
    var (text, path) = ("", "")
    for term in terms {
      switch term.content {
      case .text(let words): text = words
      case .image(let file): path = file
      case .item: break
      }
    }
    let embedder = try await embedder()
    guard embedder.capabilities.joinsText else {
      throw ParallaxError(
        .unsupported, "model '\(space.spec.model)' gives no joint vector of an image and a text",
        hint: "leave --fuse out: the two vectors are added", parameter: "fuse")
    }
    try await noteCut(text, side: .document, by: embedder)
    let hash = try await noted(path)
    let both = ModelInput(name: path, parts: [.image(path: path, hash: hash), .text(text)])
    return Term(
      label: "text and image as one", vector: try await vector(of: both, by: embedder), weight: 1)
  }

  private mutating func vector(of content: Query.Term.Content) async throws -> [Float] {
    switch content {
    case .text(let text): return try await embedded(text)
    case .image(let path): return try await embeddedImage(path)
    case .item(let id):
      guard let row = loaded.row(of: id) else { throw unknownItem(id.rawValue) }
      ownIDs.insert(id)
      if let item = try bench.workspace.item(id, in: space.collection) {
        ownHashes.insert(item.hash)
      }
      return loaded.matrix.row(row)
    }
  }

  private func embedder() async throws -> any Embedder {
    try await bench.models.embedder(for: space, budget: budget)
  }

  private mutating func embedded(_ text: String) async throws -> [Float] {
    let embedder = try await embedder()
    let vector = try await vector(of: .text(text), by: embedder)
    try await noteCut(text, side: .query, by: embedder)
    return vector
  }

  private mutating func noteCut(
    _ text: String, side: EmbeddingSide, by embedder: any Embedder
  ) async throws {
    guard let limit = try await embedder.limits(exceededBy: [text], side: side).first ?? nil else {
      return
    }
    let beginning = TerminalText.escaped(String(text.prefix(30)))
    warnings.append(limit.warning("the text '\(beginning)…' was", of: space.spec.model))
  }

  private mutating func embeddedImage(_ path: String) async throws -> [Float] {
    let hash = try await noted(path)
    let embedder = try await embedder()
    return try await vector(
      of: ModelInput(name: path, parts: [.image(path: path, hash: hash)]), by: embedder)
  }

  private func vector(of input: ModelInput, by embedder: any Embedder) async throws -> [Float] {
    guard let outcome = try await embedder.embed([input], side: .query).first else {
      throw ParallaxError(.provider, "provider '\(space.spec.provider)' gave no vector")
    }
    return try outcome.get()
  }

  /// The hash of a file asked by, which is remembered.
  private mutating func noted(_ path: String) async throws -> ContentHash {
    try checkSize(ofImageAt: path)
    let hash = try await Digest.sha256Cooperatively(fileAt: path)
    inputs.append(.init(name: path, value: hash.hexadecimal))
    ownHashes.insert(hash)
    return hash
  }

  /// - Throws: `image-too-large` for a file that it would take long to read and that is refused then.
  private func checkSize(ofImageAt path: String) throws {
    let limit = bench.models.providers.decoder.limits.fileBytes
    guard let size = FileStatus(at: path)?.size, size > limit else { return }
    throw DecodeLimits.tooLarge(path, Int(size), limit: limit)
  }

  private func unknownItem(_ id: String) -> ParallaxError {
    let collection = space.collection
    if (try? bench.workspace.item(ItemID(id), in: collection)) != nil {
      return ParallaxError(
        .unknownName, "item '\(id)' has no vector in '\(space.reference)'",
        hint: space.remedyForMissing)
    }
    return ParallaxError(
      .unknownName, "no item '\(id)' in '\(collection.name)'",
      hint: Suggestion.hint(for: id, among: loaded.ids.prefix(20_000).map(\.rawValue)))
  }
}

extension TextLimit {
  /// - Parameter subject: with its verb, such as `3 texts were`.
  package func warning(_ subject: String, of model: String) -> String {
    "\(subject) cut after \(tokens) tokens; '\(model)' reads no more"
  }
}
