package import ParallaxCore
internal import ParallaxDigest
package import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxText
private import Synchronization

/// A remote embedder whose replies are kept: what was paid for once is never asked for again, and
/// what is asked for is in the ledger before it goes out.
package struct PaidEmbedder: Embedder {
  let inner: any MeteredEmbedder
  let ledger: Ledger
  let price: ModelPrice?
  let limits: SpendingLimits
  /// What charges are written under.
  let subject: String
  /// Learns of every input that has replies of two dimensions.
  let prefixes: PrefixAudit
  /// What stands in the way of asking, where only an estimate is wanted.
  package let missing: ParallaxError?
  /// What ended a request ends those that would follow it.
  private let end = End()

  init(
    inner: any MeteredEmbedder, ledger: Ledger, price: ModelPrice?, limits: SpendingLimits,
    subject: String, prefixes: PrefixAudit, missing: ParallaxError? = nil
  ) {
    self.missing = missing
    self.inner = inner
    self.ledger = ledger
    self.price = price
    self.limits = limits
    self.subject = subject
    self.prefixes = prefixes
  }

  package var spec: EmbeddingSpec { inner.spec }
  package var capabilities: EmbedderCapabilities { inner.capabilities }

  package func countTokens(of texts: [String]) async throws -> Int? {
    limits.isOffline ? nil : try await inner.countTokens(of: texts)
  }

  package func limits(exceededBy texts: [String], side: EmbeddingSide) async throws -> [TextLimit?]
  {
    try await inner.limits(exceededBy: texts, side: side)
  }

  @concurrent package func embed(
    _ inputs: [ModelInput], side: EmbeddingSide
  ) async throws -> [Result<[Float], ParallaxError>] {
    let keys = inputs.map { key($0, side, dimension: spec.dimension) }
    let known = try ledger.vectors(for: keys.compactMap(\.self))
    var outcomes = keys.map { key in
      key.flatMap { known[$0] }.map(Result<[Float], ParallaxError>.success)
    }
    var positions: [Int] = []
    var firsts: [ContentHash: Int] = [:]
    for position in outcomes.indices where outcomes[position] == nil {
      if let key = keys[position] {
        if firsts[key] != nil { continue }
        firsts[key] = position
      }
      positions.append(position)
    }
    guard let first = positions.first else { return outcomes.compactMap(\.self) }
    if limits.isOffline { throw offline(inputs[first], others: positions.count - 1) }
    do {
      let asked = positions.map { inputs[$0] }
      let meter = Meter(embedder: self, inputs: asked, side: side)
      let answers = try await inner.embed(asked, side: side, meter: meter)
      for (position, answer) in zip(positions, answers) {
        outcomes[position] = answer
      }
    } catch {
      end.come(from: error)
      throw error
    }
    for position in outcomes.indices where outcomes[position] == nil {
      outcomes[position] = keys[position].flatMap { firsts[$0] }.flatMap { outcomes[$0] }
    }
    return outcomes.compactMap(\.self)
  }

  private func offline(_ input: ModelInput, others: Int) -> ParallaxError {
    let more = others > 0 ? " and \(others) more" : ""
    return ParallaxError(
      .offline,
      "offline, and '\(spec.model)' has given no vector yet for "
        + "'\(input.name)'\(more)",
      hint: "leave --offline out to ask the provider")
  }

  /// Everything that decides a reply, digested; `nil` where the input's content is not known.
  private func key(_ input: ModelInput, _ side: EmbeddingSide, dimension: Int) -> ContentHash? {
    guard let digest = input.digest else { return nil }
    var asked = spec
    asked.dimension = dimension
    // What a vector stands for is in the digest already: a query costs once for all spaces.
    asked.content = .image
    if input.holdsImage, !capabilities.tasksMoveImages {
      (asked.task, asked.queryTask) = (nil, nil)
    }
    let side = input.holdsImage ? "image" : "text \(side.rawValue)"
    return Digest.sha256("\(asked.identity)\n\(side)\n\(digest.hexadecimal)")
  }

  /// The first error of a job: requests that have not gone out yet do not.
  private final class End: Sendable {
    private let error = Mutex<(any Error)?>(nil)

    func come(from error: any Error) { self.error.withLock { $0 = $0 ?? error } }

    func check() throws {
      if let error = error.withLock({ $0 }) { throw error }
    }
  }

  /// The requests of one call.
  private struct Meter: RequestMeter {
    let embedder: PaidEmbedder
    let inputs: [ModelInput]
    let side: EmbeddingSide

    private var spec: EmbeddingSpec { embedder.spec }

    func begin(_ positions: [Int]) throws -> Int64 {
      try embedder.end.check()
      let asked = positions.map { inputs[$0] }
      return try embedder.ledger.reserve(
        Charge(
          provider: spec.provider, model: spec.model, subject: embedder.subject,
          kind: asked.first?.kind ?? .image, items: asked.count,
          micros: embedder.price?.micros(of: asked)),
        dimension: spec.dimension, within: embedder.limits)
    }

    func release(_ ticket: Int64) { embedder.ledger.release(ticket) }

    func settle(_ ticket: Int64, _ vectors: [Int: [Float]]) throws {
      let replies = vectors.sorted { $0.key < $1.key }.compactMap { position, vector in
        embedder.key(inputs[position], side, dimension: spec.dimension).map {
          CachedReply(key: $0, kind: inputs[position].kind, vector: vector)
        }
      }
      try embedder.ledger.settle(
        ticket, replies: replies, provider: spec.provider, model: spec.model)
      try checkPrefixes(vectors)
    }

    /// Compares with what the model answered for the same inputs at other dimensions.
    private func checkPrefixes(_ vectors: [Int: [Float]]) throws {
      let dimensions = try embedder.ledger.dimensions(provider: spec.provider, model: spec.model)
      for dimension in dimensions where dimension != spec.dimension {
        var keys: [ContentHash: Int] = [:]
        for position in vectors.keys {
          if let key = embedder.key(inputs[position], side, dimension: dimension) {
            keys[key] = position
          }
        }
        for (key, other) in try embedder.ledger.vectors(for: Array(keys.keys)) {
          guard let vector = keys[key].flatMap({ vectors[$0] }) else { continue }
          embedder.prefixes.compare(vector, other, model: spec.model)
        }
      }
    }
  }
}

extension ModelInput {
  /// What its reply and its charge are kept as.
  fileprivate var kind: CachedReply.Kind { holdsImage ? .image : .text }
}

extension ModelPrice {
  /// The price of some inputs, in millionths of a US dollar, rounded up: a limit is never overrun by
  /// fractions.
  package func micros(of inputs: [ModelInput]) -> Int {
    let sum = inputs.flatMap(\.parts).reduce(0.0) { sum, part in
      switch part {
      case .image: sum + (dollarsPerImage ?? 0) * 1e6
      case .text(let text):
        sum + (text.isEmpty ? 0 : dollarsPerMillionTokens * Double(TokenEstimate.tokens(in: text)))
      }
    }
    // The error of the sum itself is no fraction.
    return Int(min((sum - 1e-6).rounded(.up), 1e15))
  }
}
