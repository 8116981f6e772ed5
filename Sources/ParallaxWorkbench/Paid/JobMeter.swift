internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage
private import Synchronization

/// Charges each job before it is handed in, and writes down what it asks for.
final class JobMeter: BatchMeter {
  struct Input: Sendable {
    var item: BatchItem
    /// Its price as a job's input, in millionths of a US dollar; `nil` where none is known.
    var micros: Double?
  }

  private let workspace: Workspace
  private let requests: PaidRequests
  private let spec: EmbeddingSpec
  private let inputs: [Input]
  /// Charges of the jobs that are being handed in.
  private let charges = Mutex<[String: Ledger.Ticket]>([:])
  private let submitted = Mutex<[(name: String, items: Int)]>([])
  private let told: @Sendable (_ submitted: Int) -> Void

  /// - Parameter told: is told how many inputs are handed in so far.
  init(
    _ workspace: Workspace, _ requests: PaidRequests, _ spec: EmbeddingSpec, _ inputs: [Input],
    told: @escaping @Sendable (Int) -> Void
  ) {
    (self.workspace, self.requests, self.spec) = (workspace, requests, spec)
    (self.inputs, self.told) = (inputs, told)
  }

  /// The jobs that the provider has.
  var jobs: [(name: String, items: Int)] { submitted.withLock { $0 } }

  func begin(_ positions: [Int]) throws -> String {
    let asked = positions.map { inputs[$0] }
    let name = Self.name()
    let ticket = try requests.ledger.reserve(
      Charge(
        provider: requests.provider, model: requests.model, subject: requests.subject,
        kind: asked.first?.item.kind ?? .image, items: asked.count,
        micros: Charge.micros(asked.map(\.micros))),
      bytes: ReservedRoom.bytes(ofReplies: asked.count, dimension: requests.dimension),
      within: requests.limits)
    do {
      try workspace.begin(
        batchJob: name, of: asked.map(\.item), spec: spec, subject: requests.subject,
        charge: ticket)
    } catch {
      requests.ledger.release(ticket)
      throw error
    }
    charges.withLock { $0[name] = ticket }
    return name
  }

  func wasSubmitted(_ name: String, as job: String) throws {
    settle(name)
    try workspace.note(batchJob: name, .pending, remote: job)
    let items = try workspace.items(ofBatchJob: name).count
    let total = submitted.withLock { submitted in
      submitted.append((name, items))
      return submitted.reduce(0) { $0 + $1.items }
    }
    told(total)
  }

  func wasRefused(_ name: String) throws {
    settle(name)
    try workspace.forget(batchJob: name)
  }

  /// The charge stays where it is; the room that was held for its replies is free again.
  private func settle(_ name: String) {
    if let ticket = charges.withLock({ $0.removeValue(forKey: name) }) {
      requests.ledger.settle(ticket)
    }
  }

  private static func name() -> String {
    let number = (UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max))
    return "parallax-" + String(number.0, radix: 36) + String(number.1, radix: 36)
  }
}
