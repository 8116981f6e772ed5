internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage
private import Synchronization

/// Charges each job before it is submitted, and writes down what it asks for.
final class JobMeter: BatchMeter {
  struct Input: Sendable {
    var item: BatchItem
    /// Its price as a job's input, in millionths of a US dollar; `nil` where none is known.
    var micros: Double?
  }

  private let workspace: Workspace
  private let requests: PaidRequests
  private let spec: EmbeddingSpec
  private let account: String
  private let bucket: JobBucket?
  private let inputs: [Input]
  /// Charges of the jobs that are being submitted.
  private let charges = Mutex<[String: (ticket: Ledger.Ticket, items: Int)]>([:])
  private let submitted = Mutex<[(name: String, items: Int)]>([])
  private let told: @Sendable (_ submitted: Int) -> Void

  /// - Parameter told: is told how many inputs are submitted so far.
  init(
    _ workspace: Workspace, _ requests: PaidRequests, _ spec: EmbeddingSpec, of account: String,
    bucket: JobBucket?, _ inputs: [Input], told: @escaping @Sendable (Int) -> Void
  ) {
    (self.workspace, self.requests, self.spec) = (workspace, requests, spec)
    (self.account, self.bucket, self.inputs, self.told) = (account, bucket, inputs, told)
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
        account: account, charge: ticket, folder: bucket?.folder(of: name))
    } catch {
      requests.ledger.release(ticket)
      throw error
    }
    charges.withLock { $0[name] = (ticket, asked.count) }
    return name
  }

  func wasSubmitted(_ name: String, as job: String) throws {
    let items = settle(name)
    try workspace.note(batchJob: name, .pending, remote: job)
    let total = submitted.withLock { submitted in
      submitted.append((name, items))
      return submitted.reduce(0) { $0 + $1.items }
    }
    told(total)
  }

  func wasRefused(_ name: String) throws {
    _ = settle(name)
    try workspace.forget(batchJob: name)
  }

  /// The charge stays where it is; the room that was held for its replies is free again.
  ///
  /// - Returns: how many inputs the job has.
  private func settle(_ name: String) -> Int {
    guard let charge = charges.withLock({ $0.removeValue(forKey: name) }) else { return 0 }
    requests.ledger.settle(charge.ticket)
    return charge.items
  }

  private static func name() -> String {
    let number = (UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max))
    return BatchStatus.namePrefix + String(number.0, radix: 36) + String(number.1, radix: 36)
  }
}
