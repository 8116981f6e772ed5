import ParallaxCore
import ParallaxDigest
import ParallaxHTTP
import ParallaxTestSupport
import Synchronization

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// The Gemini API in process: texts become vectors that depend on nothing else, and what was given is
/// counted as the provider counts it.
final class ScriptedGemini: HTTPTransport {
  /// What happens to a request instead of an answer.
  enum Fault: Sendable {
    case status(Int)
    /// The work is done, and nobody hears of it.
    case lost
    /// One vector less than asked for.
    case short
    /// Whoever asks gives up just before the answer.
    case cancelled
  }

  private struct State {
    var faults: [Fault?] = []
    /// Texts that are refused, whatever comes with them.
    var poison: Set<String> = []
    /// Whether vectors of another dimension are of another model.
    var isUnstable = false
    var requests = 0
    var items: [String: Int] = [:]
    var barrier = Barrier(of: 1)
  }

  private let state = Mutex(State())

  /// Requests that came in.
  var requests: Int { state.withLock { $0.requests } }
  /// Items that vectors were given for, each time counted.
  var items: Int { state.withLock { $0.items.values.reduce(0, +) } }
  /// How often a vector was given for the text that was asked for most.
  var mostOften: Int { state.withLock { $0.items.values.max() ?? 0 } }

  /// The next requests meet one each; `nil` for none.
  func misbehave(_ faults: [Fault?], poison: Set<String> = []) {
    state.withLock {
      $0.faults = faults
      $0.poison = poison
    }
  }

  func becomeUnstable() { state.withLock { $0.isUnstable = true } }

  /// No request is answered before so many are waiting.
  func wait(for count: Int) { state.withLock { $0.barrier = Barrier(of: count) } }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let body = try JSONDecoder().decode(Body.self, from: Data(request.body))
    let (fault, barrier) = state.withLock { state in
      state.requests += 1
      return (state.faults.isEmpty ? nil : state.faults.removeFirst(), state.barrier)
    }
    await barrier.pass()
    if case .status(let status) = fault {
      return HTTPResponse(status: status, body: Array("{\"error\":{\"message\":\"no\"}}".utf8))
    }
    let texts = body.requests.flatMap(\.content.parts).map(\.text)
    if state.withLock({ !$0.poison.isDisjoint(with: texts) }) {
      return HTTPResponse(status: 400, body: Array("{\"error\":{\"message\":\"bad\"}}".utf8))
    }
    state.withLock { state in for text in texts { state.items[text, default: 0] += 1 } }
    if case .cancelled = fault { withUnsafeCurrentTask { $0?.cancel() } }
    if case .lost = fault { throw TransportFailure(.timedOut, "") }
    var vectors = zip(texts, body.requests).map { vector($0, $1.outputDimensionality) }
    if case .short = fault { vectors.removeLast() }
    let embeddings = vectors.map { values in
      "{\"values\":[\(values.map { "\($0)" }.joined(separator: ","))]}"
    }
    return HTTPResponse(
      status: 200, body: Array("{\"embeddings\":[\(embeddings.joined(separator: ","))]}".utf8))
  }

  private func vector(_ text: String, _ dimension: Int) -> [Float] {
    let salt = state.withLock { $0.isUnstable ? "\(dimension)" : "" }
    let seed = Digest.sha256(text + salt).bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    var random = SeededGenerator(seed: seed)
    return (0..<dimension).map { _ in Float.random(in: -1...1, using: &random) }
  }

  private struct Body: Decodable {
    var requests: [Request]

    struct Request: Decodable {
      var content: Content
      var outputDimensionality: Int
    }
    struct Content: Decodable { var parts: [Part] }
    struct Part: Decodable { var text: String }
  }
}
