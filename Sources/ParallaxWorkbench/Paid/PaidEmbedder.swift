package import ParallaxCore
internal import ParallaxDigest
internal import ParallaxProviders
internal import ParallaxStorage

/// A remote embedder whose replies are kept and charged.
package struct PaidEmbedder: Embedder {
  let inner: any MeteredEmbedder
  let requests: PaidRequests
  let price: ModelPrice?
  /// Learns of every input that has replies of two dimensions.
  let prefixes: PrefixAudit
  /// What prevents a request, where only an estimate is wanted.
  package let missing: ParallaxError?
  /// Names the occasion on which all is asked again, whatever was answered before; replies are kept under
  /// it. `nil` to take what there is.
  let occasion: String?

  init(
    inner: any MeteredEmbedder, ledger: Ledger, replies: ReplyCache, price: ModelPrice?,
    limits: SpendingLimits, subject: String, prefixes: PrefixAudit, missing: ParallaxError? = nil,
    occasion: String? = nil
  ) {
    self.inner = inner
    self.price = price
    self.prefixes = prefixes
    self.missing = missing
    self.occasion = occasion
    requests = PaidRequests(
      ledger: ledger, replies: replies, limits: limits, provider: inner.spec.provider,
      model: inner.spec.model, subject: subject, dimension: inner.spec.dimension)
  }

  package var spec: EmbeddingSpec { inner.spec }
  package var capabilities: EmbedderCapabilities { inner.capabilities }

  package func countTokens(of texts: [String]) async throws -> Int? {
    requests.limits.isOffline ? nil : try await inner.countTokens(of: texts)
  }

  package func limits(exceededBy texts: [String], side: EmbeddingSide) async throws -> [TextLimit?]
  {
    try await inner.limits(exceededBy: texts, side: side)
  }

  @concurrent package func embed(
    _ inputs: [ModelInput], side: EmbeddingSide
  ) async throws -> [Result<[Float], ParallaxError>] {
    let wanted = inputs.map {
      PaidRequests.Input(
        name: $0.name, key: key($0, side, dimension: spec.dimension),
        kind: $0.holdsImage ? .image : .text, micros: price?.micros(of: $0))
    }
    try checkNothingIsUnderWay(wanted.compactMap(\.key))
    return try await requests.outcomes(of: wanted) { positions, meter in
      let asked = positions.map { inputs[$0] }
      let outcomes = try await inner.embed(asked, side: side, meter: meter)
      try checkPrefixes(of: asked, side, outcomes)
      return outcomes
    }
  }

  /// The inputs that no kept reply answers, in order.
  ///
  /// - Throws: `storage`; `CancellationError`.
  func unanswered(_ inputs: [ModelInput], side: EmbeddingSide) throws -> [ModelInput] {
    let lookup = 512
    var unanswered: [ModelInput] = []
    for start in stride(from: 0, to: inputs.count, by: lookup) {
      try Task.checkCancellation()
      let part = inputs[start..<min(start + lookup, inputs.count)]
      let keys = part.map { key($0, side, dimension: spec.dimension) }
      let known = try requests.replies.vectors(for: keys.compactMap(\.self))
      unanswered += zip(part, keys).filter { $1.flatMap { known[$0] } == nil }.map(\.0)
    }
    return unanswered
  }

  /// What is submitted as jobs instead; `nil` where the model's provider has none.
  ///
  /// - Throws: `offline`; what prevents a request.
  func batches() throws -> (any BatchService)? {
    guard let batches = inner.batches else { return nil }
    if let missing { throw missing }
    guard !requests.limits.isOffline else {
      throw ParallaxError(
        .offline, "offline, and jobs are submitted and fetched over the network",
        hint: "leave --offline out to ask the provider")
    }
    return batches
  }

  /// What the replies to inputs on the document side are kept under; `nil` where the content is not
  /// known.
  ///
  /// - Throws: `CancellationError`.
  func replyKeys(of inputs: [ModelInput]) throws -> [ContentHash?] {
    try inputs.enumerated().map { place, input in
      if place % 1_024 == 0 { try Task.checkCancellation() }
      return key(input, .document, dimension: spec.dimension)
    }
  }

  /// Refuses to ask for what a job under way asks for: it would be paid for twice.
  ///
  /// - Throws: `under-way`.
  private func checkNothingIsUnderWay(_ keys: [ContentHash]) throws {
    guard inner.batches != nil else { return }
    let busy = try requests.replies.keysUnderWay(among: keys)
    if busy.isEmpty { return }
    let known = try requests.replies.vectors(for: Array(busy))
    guard busy.contains(where: { known[$0] == nil }) else { return }
    throw ParallaxError(
      .underWay, "a job under way asks for this already, and asking now would pay twice",
      hint: "'jobs --fetch' fetches what is done; 'jobs --cancel NAME' ends a job")
  }

  /// What a reply is kept under; `nil` where the input's content is not known.
  private func key(_ input: ModelInput, _ side: EmbeddingSide, dimension: Int) -> ContentHash? {
    guard let digest = input.digest else { return nil }
    var asked = spec
    asked.dimension = dimension
    // What a vector stands for is in the digest already: a query costs once for all spaces.
    asked.content = .image
    if input.holdsImage, capabilities.sharesImages(asked.task, nil) {
      (asked.task, asked.queryTask) = (nil, nil)
    }
    return ReplyCache.key(
      identity: asked.identity + (occasion.map { "\n\($0)" } ?? ""),
      side: input.holdsImage ? "image" : "text \(side.rawValue)",
      digest: digest)
  }

  /// Compares with what the model answered for the same inputs at other dimensions.
  private func checkPrefixes(
    of inputs: [ModelInput], _ side: EmbeddingSide, _ outcomes: [Result<[Float], ParallaxError>]
  ) throws {
    let dimensions = try requests.replies.dimensions(provider: spec.provider, model: spec.model)
    for dimension in dimensions where dimension != spec.dimension {
      let keys = inputs.map { key($0, side, dimension: dimension) }
      let others = try requests.replies.vectors(for: keys.compactMap(\.self))
      for (key, outcome) in zip(keys, outcomes) {
        guard let other = key.flatMap({ others[$0] }), let vector = try? outcome.get() else {
          continue
        }
        prefixes.compare(vector, other, model: spec.model)
      }
    }
  }
}
