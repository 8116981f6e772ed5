package import ParallaxCore
internal import ParallaxHTTP
private import Synchronization

/// Decides about each request of a remote embedder just before it goes out, and is handed what it
/// was answered at once: what is paid for does not wait for the rest of a batch.
///
/// After ``begin(_:)`` exactly one of ``release(_:)`` and the two that settle is called.
package protocol RequestMeter: Sendable {
  /// - Parameter positions: of the inputs that the request asks for.
  /// - Returns: what names the request in the other calls.
  /// - Throws: what forbids the request; nothing is sent then.
  func begin(_ positions: [Int]) throws -> Int64

  /// The service did not do the work.
  func release(_ ticket: Int64)

  /// The service did the work.
  ///
  /// - Parameter vectors: by position; without those whose answer is of no use, or never came.
  /// - Throws: when they could not be kept.
  func settle(_ ticket: Int64, _ vectors: [Int: [Float]]) throws

  /// What a request that is one step of a longer work was answered before; `nil` when it was not.
  ///
  /// - Parameter step: the digest of the whole request.
  func answer(toStep step: ContentHash) throws -> [Float]?

  /// The service did one step of a longer work.
  ///
  /// - Throws: when the answer could not be kept.
  func settle(_ ticket: Int64, step: ContentHash, _ answer: [Float]) throws

  /// Keeps what follows from steps that are settled.
  ///
  /// - Parameter vectors: by position.
  func keep(_ vectors: [Int: [Float]]) throws
}

extension RequestMeter {
  package func answer(toStep step: ContentHash) throws -> [Float]? { nil }
  package func settle(_ ticket: Int64, step: ContentHash, _ answer: [Float]) throws {
    try settle(ticket, [:])
  }
  package func keep(_ vectors: [Int: [Float]]) throws {}
}

/// An embedder whose requests cost something.
package protocol MeteredEmbedder: Embedder {
  /// One outcome an input, in order; refused and unusable ones fail alone.
  ///
  /// - Throws: what ended the work; what was answered before that is with the meter.
  func embed(
    _ inputs: [ModelInput], side: EmbeddingSide, meter: (any RequestMeter)?
  ) async throws -> [Result<[Float], ParallaxError>]

  /// What does the same within a day, for less; `nil` where there is none.
  var batches: (any BatchService)? { get }
}

extension MeteredEmbedder {
  package var batches: (any BatchService)? { nil }

  package func embed(
    _ inputs: [ModelInput], side: EmbeddingSide
  ) async throws -> [Result<[Float], ParallaxError>] {
    try await embed(inputs, side: side, meter: nil)
  }
}

/// One request on its way through the meter, attempt by attempt.
final class MeteredRequest: AttemptObserver {
  private let meter: (any RequestMeter)?
  private let positions: [Int]
  private let ticket = Mutex<Int64?>(nil)

  init(_ meter: (any RequestMeter)?, positions: [Int]) {
    self.meter = meter
    self.positions = positions
  }

  func begin() throws {
    guard let meter else { return }
    let begun = try meter.begin(positions)
    ticket.withLock { $0 = begun }
  }

  func wasRefused() {
    if let ticket = take() { meter?.release(ticket) }
  }

  func wasLost() {
    // There is nothing to keep, and no error would say more than the loss itself.
    if let ticket = take() { try? meter?.settle(ticket, [:]) }
  }

  /// - Parameter outcomes: one a position, in order.
  func wasAnswered(_ outcomes: [AnsweredVector]) throws {
    guard let ticket = take() else { return }
    var vectors: [Int: [Float]] = [:]
    for (position, outcome) in zip(positions, outcomes) { vectors[position] = try? outcome.get() }
    try meter?.settle(ticket, vectors)
  }

  /// The answer to a request that is one step of a longer work.
  func wasAnswered(_ answer: [Float], step: ContentHash) throws {
    if let ticket = take() { try meter?.settle(ticket, step: step, answer) }
  }

  private func take() -> Int64? {
    ticket.withLock { ticket in
      defer { ticket = nil }
      return ticket
    }
  }
}
