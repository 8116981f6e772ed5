package import ParallaxCore
internal import ParallaxHTTP
private import Synchronization

/// Decides about each request of a remote embedder just before it goes out, and is handed what it
/// was answered at once: what is paid for does not wait for the rest of a batch.
///
/// After ``begin(_:)`` exactly one of the other two is called.
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
}

/// An embedder whose requests cost something.
package protocol MeteredEmbedder: Embedder {
  /// One outcome an input, in order; refused and unusable ones fail alone.
  ///
  /// - Throws: what ended the work; what was answered before that is with the meter.
  func embed(
    _ inputs: [ModelInput], side: EmbeddingSide, meter: (any RequestMeter)?
  ) async throws -> [Result<[Float], ParallaxError>]
}

extension MeteredEmbedder {
  package func embed(
    _ inputs: [ModelInput], side: EmbeddingSide
  ) async throws -> [Result<[Float], ParallaxError>] {
    try await embed(inputs, side: side, meter: nil)
  }
}

/// A reranker whose requests cost something. Its meter is handed each score as a vector of one number.
package protocol MeteredReranker: Reranker {
  /// One outcome a candidate, in order; each score is a 32-bit number, so that a kept one is the same.
  ///
  /// - Throws: what ended the work; what was answered before that is with the meter.
  func scores(
    of candidates: [ModelInput], for question: ModelInput, meter: (any RequestMeter)?
  ) async throws -> [Result<Double, ParallaxError>]
}

extension MeteredReranker {
  package func scores(
    of candidates: [ModelInput], for question: ModelInput
  ) async throws -> [Result<Double, ParallaxError>] {
    try await scores(of: candidates, for: question, meter: nil)
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

  private func take() -> Int64? {
    ticket.withLock { ticket in
      defer { ticket = nil }
      return ticket
    }
  }
}
