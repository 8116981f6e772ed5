internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage
private import Synchronization

/// Asks a model that costs something: what it answered before is given again, the rest is asked for
/// within the limits, charged before it goes out, and kept as soon as it is answered.
///
/// One value is for one job: the first request that fails ends those that would follow it.
struct PaidRequests: Sendable {
  let ledger: Ledger
  let replies: ReplyCache
  let limits: SpendingLimits
  let provider: String
  let model: String
  /// What charges are written under, such as `photos@base`.
  let subject: String
  /// How many numbers a reply has.
  let dimension: Int
  /// What a reply is, for errors.
  let answer: String
  private let end = End()

  init(
    ledger: Ledger, replies: ReplyCache, limits: SpendingLimits, provider: String, model: String,
    subject: String, dimension: Int, answer: String = "vector"
  ) {
    self.ledger = ledger
    self.replies = replies
    self.limits = limits
    self.provider = provider
    self.model = model
    self.subject = subject
    self.dimension = dimension
    self.answer = answer
  }

  /// One thing to ask for.
  struct Input: Sendable {
    /// Names it in errors.
    var name: String
    /// What its reply is kept under; `nil` to keep none.
    var key: ContentHash?
    var kind: CachedReply.Kind
    /// Its price in millionths of a US dollar; `nil` where none is known.
    var micros: Double?
  }

  /// One outcome an input, in order; the same input is asked for once.
  ///
  /// - Parameter ask: asks for the inputs at some positions, in order, and tells the meter of each
  ///   request, by positions among those.
  /// - Throws: `offline` when something would have to be asked for; `budget`, `quota` or `storage`
  ///   when it does not fit; what `ask` throws.
  func outcomes(
    of inputs: [Input],
    _ ask: ([Int], any RequestMeter) async throws -> [Result<[Float], ParallaxError>]
  ) async throws -> [Result<[Float], ParallaxError>] {
    let known = try replies.vectors(for: inputs.compactMap(\.key))
    var outcomes = inputs.map { input in
      input.key.flatMap { known[$0] }.map(Result<[Float], ParallaxError>.success)
    }
    var positions: [Int] = []
    var firsts: [ContentHash: Int] = [:]
    for position in outcomes.indices where outcomes[position] == nil {
      if let key = inputs[position].key {
        if firsts[key] != nil { continue }
        firsts[key] = position
      }
      positions.append(position)
    }
    guard let first = positions.first else { return outcomes.compactMap(\.self) }
    if limits.isOffline { throw offline(inputs[first], others: positions.count - 1) }
    do {
      let meter = Meter(requests: self, inputs: positions.map { inputs[$0] })
      for (position, answer) in zip(positions, try await ask(positions, meter)) {
        outcomes[position] = answer
      }
    } catch {
      end.come(from: error)
      throw error
    }
    for position in outcomes.indices where outcomes[position] == nil {
      outcomes[position] = inputs[position].key.flatMap { firsts[$0] }.flatMap { outcomes[$0] }
    }
    return outcomes.compactMap(\.self)
  }

  private func offline(_ input: Input, others: Int) -> ParallaxError {
    let more = others > 0 ? " and \(others) more" : ""
    return ParallaxError(
      .offline, "offline, and '\(model)' has given no \(answer) yet for '\(input.name)'\(more)",
      hint: "leave --offline out to ask the provider")
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
    let requests: PaidRequests
    let inputs: [Input]

    func begin(_ positions: [Int]) throws -> Int64 {
      try requests.end.check()
      let asked = positions.map { inputs[$0] }
      return try requests.ledger.reserve(
        Charge(
          provider: requests.provider, model: requests.model, subject: requests.subject,
          kind: asked.first?.kind ?? .image, items: asked.count,
          micros: Charge.micros(asked.map(\.micros))),
        bytes: ReservedRoom.bytes(ofReplies: asked.count, dimension: requests.dimension),
        within: requests.limits)
    }

    func release(_ ticket: Int64) { requests.ledger.release(ticket) }

    func settle(_ ticket: Int64, _ vectors: [Int: [Float]]) throws {
      requests.ledger.settle(ticket)
      try keep(vectors)
    }

    func answer(toStep step: ContentHash) throws -> [Float]? {
      try requests.replies.vectors(for: [step])[step]
    }

    func settle(_ ticket: Int64, step: ContentHash, _ answer: [Float]) throws {
      requests.ledger.settle(ticket)
      try requests.replies.keep(
        [CachedReply(key: step, kind: .image, vector: answer)], provider: requests.provider,
        model: requests.model)
    }

    func keep(_ vectors: [Int: [Float]]) throws {
      let replies = vectors.sorted { $0.key < $1.key }.compactMap { position, vector in
        inputs[position].key.map {
          CachedReply(key: $0, kind: inputs[position].kind, vector: vector)
        }
      }
      try requests.replies.keep(replies, provider: requests.provider, model: requests.model)
    }
  }
}
