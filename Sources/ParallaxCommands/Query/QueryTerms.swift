internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxDigest
internal import ParallaxSearch
internal import ParallaxStorage

/// The things asked for, turned into one vector.
@MainActor
struct QueryTerms {
  private static let options: [(name: String, sign: Double)] = [
    ("text", 1), ("image", 1), ("like", 1), ("not-text", -1), ("not-image", -1), ("not-like", -1),
  ]

  let session: Session
  let space: Space
  let loaded: LoadedSpace

  /// Files asked by, with their hashes.
  private(set) var inputs: [Provenance.Name] = []

  init(session: Session, space: Space, loaded: LoadedSpace) {
    self.session = session
    self.space = space
    self.loaded = loaded
  }

  /// The weighted sum of the terms' unit vectors, at unit length.
  ///
  /// - Throws: located at the term at fault.
  mutating func vector(_ arguments: Arguments) async throws -> [Float] {
    var terms: [(vector: [Float], weight: Double)] = []
    for (option, sign) in Self.options {
      for value in arguments.weighted(option) {
        do {
          terms.append((try await vector(of: value.value, option: option), sign * value.weight))
        } catch let error as ParallaxError {
          throw error.located(at: value.location)
        }
      }
    }
    guard !terms.isEmpty else {
      throw arguments.error(
        .missingOption, "'query' needs something to look for: --text, --image or --like",
        usage: true)
    }
    return try QueryFusion.weightedSum(terms)
  }

  private mutating func vector(of value: String, option: String) async throws -> [Float] {
    switch option {
    case "text", "not-text":
      return try await embeddedText(value)
    case "image", "not-image":
      return try await embeddedImage(PathText.expandingHome(value))
    default:
      guard let row = loaded.row(of: ItemID(value)) else { throw unknownItem(value) }
      return loaded.matrix.row(row)
    }
  }

  private func embeddedText(_ text: String) async throws -> [Float] {
    let vectors = try await session.embedder(for: space).embed(texts: [text], side: .query)
    guard let vector = vectors.first else { throw noVector }
    return vector
  }

  private mutating func embeddedImage(_ path: String) async throws -> [Float] {
    let hash = try Digest.sha256(fileAt: path)
    inputs.append(.init(name: path, value: hash.hexadecimal))
    let embedder = try await session.embedder(for: space)
    let outcome = try await embedder.embed(
      images: [ImageInput(name: path, path: path, hash: hash)])
    guard let first = outcome.first else { throw noVector }
    return try first.get()
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
