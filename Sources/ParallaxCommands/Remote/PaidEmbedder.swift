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
  /// Learns of every input that has replies of two dimensions.
  let prefixes: PrefixCheck

  var spec: EmbeddingSpec { inner.spec }
  var capabilities: EmbedderCapabilities { inner.capabilities }

  func countTokens(of texts: [String]) async throws -> Int? {
    terms.isOffline ? nil : try await inner.countTokens(of: texts)
  }

  func limits(exceededBy texts: [String], side: EmbeddingSide) async throws -> [TextLimit?] {
    try await inner.limits(exceededBy: texts, side: side)
  }

  @concurrent func embed(images: [ImageInput]) async throws -> [Result<[Float], ParallaxError>] {
    let inputs = images.map {
      Input(name: $0.name, hash: $0.hash, kind: .image, text: $0.text ?? "", side: Self.imageSide)
    }
    var outcomes: [Result<[Float], ParallaxError>?] = try known(inputs).map {
      $0.map(Result.success)
    }
    let missing = outcomes.indices.filter { outcomes[$0] == nil }
    if missing.isEmpty { return outcomes.compactMap(\.self) }
    try admit(missing.map { inputs[$0] })
    let answers = try await keepingParts(missing, of: inputs) {
      try await inner.embed(images: missing.map { images[$0] })
    }
    var vectors: [Int: [Float]] = [:]
    for (position, answer) in zip(missing, answers) {
      outcomes[position] = answer
      vectors[position] = try? answer.get()
    }
    try keep(vectors, of: inputs)
    return outcomes.compactMap(\.self)
  }

  @concurrent func embed(texts: [String], side: EmbeddingSide) async throws -> [[Float]] {
    let inputs = texts.map {
      Input(name: $0, hash: Digest.sha256($0), kind: .text, text: $0, side: "text \(side.rawValue)")
    }
    var vectors = try known(inputs)
    let missing = vectors.indices.filter { vectors[$0] == nil }
    if missing.isEmpty { return vectors.compactMap(\.self) }
    try admit(missing.map { inputs[$0] })
    let answers = try await keepingParts(missing, of: inputs) {
      try await inner.embed(texts: missing.map { texts[$0] }, side: side)
    }
    for (position, answer) in zip(missing, answers) { vectors[position] = answer }
    try keep(Dictionary(uniqueKeysWithValues: zip(missing, answers)), of: inputs)
    return vectors.compactMap(\.self)
  }

  /// What a reply is kept under, and what it costs.
  private struct Input {
    var name: String
    var hash: ContentHash?
    var kind: CachedReply.Kind
    /// Empty for an image alone.
    var text: String
    var side: String
  }

  private static let imageSide = "image"

  /// Everything that decides a reply, digested.
  private func key(_ input: Input, dimension: Int) -> ContentHash? {
    guard let hash = input.hash else { return nil }
    var asked = spec
    asked.dimension = dimension
    // What a vector stands for is in the hash already: a query costs once for all spaces.
    asked.content = .image
    if input.side == Self.imageSide, !capabilities.tasksMoveImages {
      (asked.task, asked.queryTask) = (nil, nil)
    }
    return Digest.sha256("\(asked.identity)\n\(input.side)\n\(hash.hexadecimal)")
  }

  private func known(_ inputs: [Input]) throws -> [[Float]?] {
    let keys = inputs.map { key($0, dimension: spec.dimension) }
    let found = try workspace.cachedReplies(for: keys.compactMap(\.self))
    return keys.map { key in
      key.flatMap { found[$0] }.flatMap { $0.count == spec.dimension ? $0 : nil }
    }
  }

  /// What was answered before the rest failed is kept before the failure goes on.
  private func keepingParts<Answer>(
    _ missing: [Int], of inputs: [Input], _ body: () async throws -> Answer
  ) async throws -> Answer {
    do {
      return try await body()
    } catch let partial as PartialReply {
      let vectors = partial.vectors.map { (missing[$0.key], $0.value) }
      try keep(Dictionary(uniqueKeysWithValues: vectors), of: inputs)
      throw partial.cause
    }
  }

  /// - Throws: `offline` naming the call; `budget` and `quota` before anything is spent.
  private func admit(_ inputs: [Input]) throws {
    if terms.isOffline {
      let others = inputs.count > 1 ? " and \(inputs.count - 1) more" : ""
      throw ParallaxError(
        .offline,
        "offline, and '\(spec.model)' has given no vector yet for "
          + "'\(TerminalText.escaped(inputs[0].name))'\(others)",
        hint: "leave --offline out to ask the provider")
    }
    if let limit = terms.itemsPerDay {
      let asked = try workspace.itemsCharged(provider: spec.provider, withinHours: 24)
      if asked.items + inputs.count > limit {
        throw ParallaxError(
          .quota,
          "the limit of \(limit) items a day is reached: '\(spec.provider)' was asked for "
            + "\(asked.items) in the last 24 hours",
          hint: asked.oldest.map {
            "the first of them was at \($0); a day after that, the same command with --resume goes on"
          })
      }
    }
    guard let budget = terms.budget else { return }
    let next = price?.micros(of: inputs.map { ($0.kind, $0.text) }) ?? 0
    let spent = try workspace.totalCharged()
    if spent + next > budget {
      throw ParallaxError(
        .budget,
        "the budget of \(Wording.dollars(budget)) is reached: \(Wording.dollars(spent)) is spent, "
          + "the next request costs about \(Wording.dollars(next))",
        hint: "'set budget' raises it; 'cost' shows what was spent")
    }
  }

  /// - Parameter vectors: by position in `inputs`, which are of one kind.
  private func keep(_ vectors: [Int: [Float]], of inputs: [Input]) throws {
    let answered = vectors.keys.sorted()
    guard let first = answered.first, workspace.mode == .readWrite else { return }
    let replies = answered.compactMap { position in
      key(inputs[position], dimension: spec.dimension).flatMap { key in
        vectors[position].map { CachedReply(key: key, kind: inputs[position].kind, vector: $0) }
      }
    }
    try workspace.keep(
      replies,
      charge: Charge(
        provider: spec.provider, model: spec.model, subject: subject, kind: inputs[first].kind,
        items: answered.count,
        micros: price?.micros(of: answered.map { (inputs[$0].kind, inputs[$0].text) })))
    try checkPrefixes(vectors, of: inputs)
  }

  /// Compares with what the model answered for the same inputs at other dimensions.
  private func checkPrefixes(_ vectors: [Int: [Float]], of inputs: [Input]) throws {
    let dimensions = try workspace.replyDimensions(provider: spec.provider, model: spec.model)
    for dimension in dimensions where dimension != spec.dimension {
      var keys: [ContentHash: Int] = [:]
      for position in vectors.keys {
        if let key = key(inputs[position], dimension: dimension) { keys[key] = position }
      }
      for (key, other) in try workspace.cachedReplies(for: Array(keys.keys)) {
        guard let vector = keys[key].flatMap({ vectors[$0] }) else { continue }
        prefixes.compare(vector, other, model: spec.model)
      }
    }
  }
}

/// What a session allows to be spent.
struct PaidTerms: Sendable, Hashable {
  var isOffline = false
  /// Millionths of a US dollar for the whole workspace; `nil` for no limit.
  var budget: Int?
  /// Of one provider, in any 24 hours; `nil` for no limit.
  var itemsPerDay: Int?
}

extension ModelPrice {
  /// The price of images, each with the text that goes with it, and of texts, in millionths of a US
  /// dollar.
  func micros(of inputs: [(kind: CachedReply.Kind, text: String)]) -> Int {
    Int(
      inputs.reduce(0.0) { sum, input in
        let image = input.kind == .image ? dollarsPerImage * 1e6 : 0
        let tokens = input.text.isEmpty ? 0 : TokenEstimate.tokens(in: input.text)
        return sum + image + dollarsPerMillionTokens * Double(tokens)
      }.rounded())
  }
}
