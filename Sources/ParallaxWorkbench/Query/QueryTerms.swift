internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxDigest
internal import ParallaxSearch
internal import ParallaxStorage
private import ParallaxSystem
private import ParallaxText
internal import ParallaxWorkbench

/// The things asked for, as vectors.
@MainActor
struct QueryTerms {
  private static let options: [(name: String, sign: Double)] = [
    ("text", 1), ("image", 1), ("like", 1), ("not-text", -1), ("not-image", -1), ("not-like", -1),
  ]

  static let optionNames = options.map(\.name)

  /// One of them.
  struct Term {
    /// As typed, such as `text "red car"`.
    var label: String
    var vector: [Float]
    var weight: Double
  }

  let session: Session
  let space: Space
  let loaded: LoadedSpace

  /// Files asked by, with their hashes.
  private(set) var inputs: [Provenance.Name] = []
  /// Hashes of the files and items asked by, and the ids of the items.
  private(set) var ownHashes: Set<ContentHash> = []
  private(set) var ownIDs: Set<ItemID> = []
  /// What a person should know of the vectors.
  private(set) var warnings: [String] = []

  init(session: Session, space: Space, loaded: LoadedSpace) {
    self.session = session
    self.space = space
    self.loaded = loaded
  }

  /// Every term with its vector.
  ///
  /// - Throws: located at the term at fault.
  mutating func all(_ arguments: Arguments) async throws -> [Term] {
    var terms: [Term] = []
    for (option, sign) in Self.options {
      for value in arguments.weighted(option) {
        if option.hasSuffix("text") {
          try Self.checkWords(value.value, option: option, at: value.location)
        }
        do {
          terms.append(
            Term(
              label: "\(option) \(Quoting.quoted(value.value))",
              vector: try await vector(of: value.value, option: option),
              weight: sign * value.weight))
        } catch let error as ParallaxError {
          throw error.located(at: value.location)
        }
      }
    }
    guard terms.contains(where: { $0.weight != 0 }) else {
      throw arguments.error(
        .invalidValue, "every weight of the query is 0: nothing is left to look for",
        hint: "leave a term without a weight, which counts as 1")
    }
    return terms
  }

  /// One text and one image as one vector of the model's own making.
  ///
  /// - Throws: `unsupported` when the model joins nothing, or something else is asked for as well.
  mutating func joint(_ arguments: Arguments) async throws -> Term {
    let (texts, images) = (arguments.weighted("text"), arguments.weighted("image"))
    let others = ["like", "not-text", "not-image", "not-like"].flatMap(arguments.weighted)
    guard texts.count == 1, images.count == 1, others.isEmpty else {
      throw arguments.error(
        atOption: "fuse", .unsupported, "--fuse joint takes one --text and one --image")
    }
    let embedder = try await session.embedder(for: space)
    guard embedder.capabilities.joinsText else {
      throw arguments.error(
        atOption: "fuse", .unsupported,
        "model '\(space.spec.model)' gives no joint vector of an image and a text",
        hint: "leave --fuse out: the two vectors are added")
    }
    try Self.checkWords(texts[0].value, option: "text", at: texts[0].location)
    try await noteCut(texts[0].value, side: .document, by: embedder)
    let path = PathText.expandingHome(images[0].value)
    let hash = try await noted(path)
    let both = EmbeddedContent.joint.hash(file: hash, text: texts[0].value)
    let outcome = try await embedder.embed(images: [
      ImageInput(name: path, path: path, hash: both, content: hash, text: texts[0].value)
    ])
    guard let first = outcome.first else { throw noVector }
    return Term(label: "text and image as one", vector: try first.get(), weight: 1)
  }

  private mutating func vector(of value: String, option: String) async throws -> [Float] {
    switch option {
    case "text", "not-text":
      return try await embeddedText(value)
    case "image", "not-image":
      return try await embeddedImage(PathText.expandingHome(value))
    default:
      guard let row = loaded.row(of: ItemID(value)) else { throw unknownItem(value) }
      ownIDs.insert(ItemID(value))
      if let item = try session.workspace.item(ItemID(value), in: space.collection) {
        ownHashes.insert(item.hash)
      }
      return loaded.matrix.row(row)
    }
  }

  private mutating func embeddedText(_ text: String) async throws -> [Float] {
    let embedder = try await session.embedder(for: space)
    let vectors = try await embedder.embed(texts: [text], side: .query)
    guard let vector = vectors.first else { throw noVector }
    try await noteCut(text, side: .query, by: embedder)
    return vector
  }

  /// - Throws: `invalid-value`: a model answers an empty text, too, with a vector that means nothing.
  private static func checkWords(
    _ text: String, option: String, at location: ParallaxError.Location
  ) throws {
    guard text.isBlank else { return }
    throw ParallaxError(
      .invalidValue, "--\(option) takes words to look for; got an empty text",
      hint: "leave it out, or say what the picture shows"
    ).located(at: location)
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
    let embedder = try await session.embedder(for: space)
    let outcome = try await embedder.embed(
      images: [ImageInput(name: path, path: path, hash: hash, content: hash)])
    guard let first = outcome.first else { throw noVector }
    return try first.get()
  }

  /// The hash of a file asked by, which is remembered.
  private mutating func noted(_ path: String) async throws -> ContentHash {
    try session.checkSize(ofImageAt: path)
    let hash = try await Digest.sha256Cooperatively(fileAt: path)
    inputs.append(.init(name: path, value: hash.hexadecimal))
    ownHashes.insert(hash)
    return hash
  }

  private var noVector: ParallaxError {
    ParallaxError(.provider, "provider '\(space.spec.provider)' gave no vector")
  }

  private func unknownItem(_ id: String) -> ParallaxError {
    let collection = space.collection
    if (try? session.workspace.item(ItemID(id), in: collection)) != nil {
      return ParallaxError(
        .unknownName, "item '\(id)' has no vector in '\(space.reference)'",
        hint: "'embed \(collection.name) --as \(space.name)' embeds what is missing")
    }
    return ParallaxError(
      .unknownName, "no item '\(id)' in '\(collection.name)'",
      hint: Suggestion.hint(for: id, among: loaded.ids.prefix(20_000).map(\.rawValue)))
  }
}

extension TextLimit {
  /// - Parameter subject: with its verb, such as `3 texts were`.
  func warning(_ subject: String, of model: String) -> String {
    "\(subject) cut after \(tokens) tokens; '\(model)' reads no more"
  }
}
