internal import ParallaxCore
internal import ParallaxHTTP
private import Synchronization

/// The jobs of a remote embedder.
struct RemoteBatches: BatchService {
  let embedder: RemoteEmbedder
  let api: any BatchAPI

  /// Pictures made ready at a time.
  private static let window = 32
  /// Bytes of an upload's piece; services want multiples of 256 KiB.
  private static let piece = 8 << 20
  private static let bytesOfNumber = 32
  private static let otherBytesOfItem = 8_192
  private static let otherBytes = 1 << 20
  /// Characters of a message that are kept.
  private static let longestMessage = 500
  /// More pages of a list are not read.
  private static let mostPages = 1_000

  var priceShare: Double { api.batchPriceShare }
  var account: String { api.account }

  @concurrent func submit(
    _ inputs: [ModelInput], side: EmbeddingSide, meter: any BatchMeter
  ) async throws -> [Int: ParallaxError] {
    try embedder.capabilities.check(inputs, model: embedder.spec.model)
    var failures: [Int: ParallaxError] = [:]
    var job = Job()
    for start in stride(from: 0, to: inputs.count, by: Self.window) {
      try Task.checkCancellation()
      let part = inputs[start..<min(start + Self.window, inputs.count)]
      let ready = try await Array(part).concurrentOutcomes {
        try await embedder.remoteInput($0, side)
      }
      for (position, outcome) in zip(part.indices, ready) {
        switch outcome {
        case .failure(let error): failures[position] = error
        case .success(let input):
          let side = input.holdsPicture ? EmbeddingSide.document : side
          let line = api.line(of: input, at: job.positions.count, side: side)
          if job.positions.count == api.jobItemLimit
            || !job.positions.isEmpty && job.body.count + line.count > api.jobByteLimit
          {
            try await submit(job, meter)
            job = Job()
            job.append(api.line(of: input, at: 0, side: side), position)
          } else {
            job.append(line, position)
          }
        }
      }
    }
    if !job.positions.isEmpty { try await submit(job, meter) }
    return failures
  }

  private struct Job {
    var positions: [Int] = []
    var body: [UInt8] = []

    mutating func append(_ line: [UInt8], _ position: Int) {
      positions.append(position)
      body += line
    }
  }

  /// The file may be sent again; the job itself goes out once, unless it was surely refused.
  private func submit(_ job: Job, _ meter: any BatchMeter) async throws {
    let name = try meter.begin(job.positions)
    let file: String
    do { file = try await upload(job.body, named: name) } catch {
      try meter.wasRefused(name)
      throw error
    }
    let once = OnlyOnce(what: name, provider: embedder.spec.provider)
    let response: HTTPResponse
    do {
      var request = api.jobRequest(named: name, on: file)
      request.isSentOnce = true
      response = try await embedder.client.send(request, observer: once) { response in
        if Self.isRefusal(response.status) { once.wasRefusedByName() }
        return api.judge(response)
      }
    } catch {
      if !once.wasSent { try meter.wasRefused(name) }
      throw error
    }
    try meter.wasSubmitted(name, as: try api.status(in: response).job)
  }

  /// Whether a status says that nothing was done; a service that fails may have done it before.
  private static func isRefusal(_ status: Int) -> Bool {
    (400..<500).contains(status) && ![408, 425, 499].contains(status)
  }

  private func upload(_ body: [UInt8], named name: String) async throws -> String {
    let begun = try await send(api.uploadRequest(named: name, size: body.count))
    let address = try api.uploadAddress(in: begun)
    var last = begun
    for start in stride(from: 0, to: body.count, by: Self.piece) {
      let end = min(start + Self.piece, body.count)
      last = try await send(
        api.uploadRequest(
          of: Array(body[start..<end]), from: start, isLast: end == body.count, to: address))
    }
    return try api.file(in: last)
  }

  func status(of job: String) async throws -> BatchStatus {
    let status = try api.status(in: try await send(api.statusRequest(of: job)))
    guard status.job == job else {
      throw ParallaxError(
        .badReply, "'\(embedder.spec.provider)' answered for another job than it was asked for")
    }
    return shown(status)
  }

  private func shown(_ status: BatchStatus) -> BatchStatus {
    var status = status
    status.message = status.message.map(shown)
    return status
  }

  /// A service's words without what it may quote of a secret.
  private func shown(_ text: String) -> String {
    Redactor(api.secrets).shown(text, longest: Self.longestMessage)
  }

  func statuses() async throws -> [BatchStatus] {
    var all: [BatchStatus] = []
    var page: String?
    for _ in 0..<Self.mostPages {
      let (jobs, next) = try api.statuses(in: try await send(api.listRequest(page: page)))
      all += jobs.map(shown)
      guard let next else { return all }
      if next == page { break }
      page = next
    }
    throw ParallaxError(
      .badReply, "'\(embedder.spec.provider)' lists jobs without an end",
      hint: "delete old jobs of this key at the provider")
  }

  @concurrent func answers(
    of status: BatchStatus, count: Int
  ) async throws -> [Int: Result<[Float], ParallaxError>] {
    guard let file = status.answers else { return [:] }
    var request = try api.answersRequest(of: file)
    request.largestReply =
      Self.otherBytes
      + min(max(count, 0), api.jobItemLimit)
      * (max(embedder.spec.dimension, RemoteEmbedder.leastDimension) * Self.bytesOfNumber
        + Self.otherBytesOfItem)
    let response = try await send(request)
    let answers = try api.answers(in: response)
    if let strange = answers.keys.first(where: { !(0..<count).contains($0) }) {
      throw ParallaxError(
        .badReply,
        "'\(embedder.spec.provider)' answered input \(strange) of a job that has \(count)")
    }
    return try answers.mapValues { answer in
      try embedder.checked([answer])[0].mapError { error in
        var error = error
        error.message = shown(error.message)
        return error
      }
    }
  }

  func cancel(_ job: String) async throws { _ = try await send(api.cancelRequest(of: job)) }

  private func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    // A file of answers is no JSON object, and says nothing of errors.
    try await embedder.client.send(request) { response in
      response.isSuccess ? .accepted : api.judge(response)
    }
  }
}

/// Lets a request go out again only after a refusal: where the connection broke off, or the service failed, it
/// may have done what it was asked for.
private final class OnlyOnce: AttemptObserver {
  private let isOut = Mutex(false)
  private let what: String
  private let provider: String

  init(what: String, provider: String) { (self.what, self.provider) = (what, provider) }

  /// Whether the service may have got it.
  var wasSent: Bool { isOut.withLock { $0 } }

  func begin() throws {
    let wasOut = isOut.withLock { isOut in
      defer { isOut = true }
      return isOut
    }
    if wasOut {
      throw ParallaxError(
        .provider, "it is not known whether '\(provider)' took the job '\(what)'",
        hint: "'jobs --fetch' asks for it by its name; nothing of it is asked for twice")
    }
  }

  /// The service says that it did not do it.
  func wasRefusedByName() { isOut.withLock { $0 = false } }

  // Also told where no reply came, or one that says nothing of what was done.
  func wasRefused() {}
  func wasLost() {}
}
