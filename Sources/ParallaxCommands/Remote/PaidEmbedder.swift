internal import ParallaxCore
internal import ParallaxDigest
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage

/// A remote embedder whose replies are kept in the workspace: what was paid for once is never asked
/// for again, and what is asked for is in the ledger in the same transaction.
struct PaidEmbedder: Embedder {
  let inner: any Embedder
  let workspace: Workspace
  let price: ModelPrice?
  let terms: PaidTerms
  /// What charges are written under.
  let subject: String

  var spec: EmbeddingSpec { inner.spec }
  var capabilities: EmbedderCapabilities { inner.capabilities }

  @concurrent func embed(images: [ImageInput]) async throws -> [Result<[Float], ParallaxError>] {
    let keys = images.map { image in image.hash.map { key(Self.imageSide, $0) } }
    var outcomes: [Result<[Float], ParallaxError>?] = try known(keys).map { $0.map(Result.success) }
    let missing = outcomes.indices.filter { outcomes[$0] == nil }
    if missing.isEmpty { return outcomes.compactMap(\.self) }
    try admit(missing.count, .image, first: images[missing[0]].name)
    let answers = try await inner.embed(images: missing.map { images[$0] })
    var replies: [CachedReply] = []
    for (position, answer) in zip(missing, answers) {
      outcomes[position] = answer
      if let vector = try? answer.get(), let key = keys[position] {
        replies.append(CachedReply(key: key, kind: .image, vector: vector))
      }
    }
    try keep(replies, .image, units: replies.count)
    return outcomes.compactMap(\.self)
  }

  @concurrent func embed(texts: [String], side: EmbeddingSide) async throws -> [[Float]] {
    let keys = texts.map { key("text \(side.rawValue)", Digest.sha256($0)) }
    var vectors = try known(keys)
    let missing = vectors.indices.filter { vectors[$0] == nil }
    if missing.isEmpty { return vectors.compactMap(\.self) }
    try admit(missing.count, .text, first: texts[missing[0]])
    let answers = try await inner.embed(texts: missing.map { texts[$0] }, side: side)
    for (position, answer) in zip(missing, answers) { vectors[position] = answer }
    let tokens = missing.reduce(0) { $0 + ModelPrice.estimatedTokens(texts[$1]) }
    try keep(
      zip(missing, answers).map { CachedReply(key: keys[$0], kind: .text, vector: $1) }, .text,
      units: tokens)
    return vectors.compactMap(\.self)
  }

  /// Everything that decides a reply, digested.
  private func key(_ side: String, _ input: ContentHash) -> ContentHash {
    var asked = spec
    if side == Self.imageSide, !capabilities.tasksMoveImages {
      (asked.task, asked.queryTask) = (nil, nil)
    }
    return Digest.sha256("\(asked.identity)\n\(side)\n\(input.hexadecimal)")
  }

  private static let imageSide = "image"

  private func known(_ keys: [ContentHash?]) throws -> [[Float]?] {
    let found = try workspace.cachedReplies(for: keys.compactMap(\.self))
    return keys.map { key in
      key.flatMap { found[$0] }.flatMap { $0.count == spec.dimension ? $0 : nil }
    }
  }

  /// - Throws: `offline` naming the call; `budget` before anything is spent.
  private func admit(_ items: Int, _ kind: CachedReply.Kind, first: String) throws {
    if terms.isOffline {
      let others = items > 1 ? " and \(items - 1) more" : ""
      throw ParallaxError(
        .offline,
        "offline, and '\(spec.model)' has given no vector yet for '\(TerminalText.escaped(first))'"
          + others, hint: "leave --offline out to ask the provider")
    }
    guard let budget = terms.budget else { return }
    let next = price?.micros(of: kind, units: items) ?? 0
    let spent = try workspace.totalCharged()
    if spent + next > budget {
      throw ParallaxError(
        .budget,
        "the budget of \(Wording.dollars(budget)) is reached: \(Wording.dollars(spent)) is spent, "
          + "the next request costs about \(Wording.dollars(next))",
        hint: "'set budget' raises it; 'cost' shows what was spent")
    }
  }

  private func keep(_ replies: [CachedReply], _ kind: CachedReply.Kind, units: Int) throws {
    guard !replies.isEmpty, workspace.mode == .readWrite else { return }
    try workspace.keep(
      replies,
      charge: Charge(
        provider: spec.provider, model: spec.model, subject: subject, kind: kind,
        items: replies.count, micros: price?.micros(of: kind, units: units)))
  }
}

/// What a session allows to be spent.
struct PaidTerms: Sendable, Hashable {
  var isOffline = false
  /// Millionths of a US dollar for the whole workspace; `nil` for no limit.
  var budget: Int?
}

extension ModelPrice {
  /// The price of images, or of a number of tokens of text, in millionths of a US dollar.
  func micros(of kind: CachedReply.Kind, units: Int) -> Int {
    let each =
      switch kind {
      case .image: dollarsPerImage * 1e6
      case .text: dollarsPerMillionTokens
      }
    return Int((each * Double(units)).rounded())
  }

  /// About four characters a token in English, and no text is free.
  static func estimatedTokens(_ text: String) -> Int { max(1, text.utf8.count / 4) }
}
