internal import ParallaxCore
internal import ParallaxHTTP
private import Synchronization

/// The jobs of a remote embedder.
struct RemoteBatches: BatchService {
  let embedder: RemoteEmbedder
  let api: any BatchAPI

  /// Pictures made ready at a time.
  private static let window = 32
  /// Characters of a message that are kept.
  private static let longestMessage = 500
  /// More pages of a list are not read.
  static let mostPages = 1_000

  var priceShare: Double { api.batchPriceShare }
  var account: String { api.account }

  func bucket(named: String?, usual: String?) throws -> JobBucket? {
    guard api.files is any BatchFolders else {
      guard named == nil else {
        throw ParallaxError(
          .unsupported, "provider '\(embedder.spec.provider)' keeps the files of its jobs itself",
          hint: "leave --bucket out", parameter: "bucket")
      }
      return nil
    }
    guard let text = named ?? usual else {
      throw ParallaxError(
        .missingComponent,
        "jobs of provider '\(embedder.spec.provider)' need a bucket of Google Cloud Storage for their files",
        hint:
          "name one: --bucket gs://BUCKET/PREFIX, or 'set batch.bucket gs://BUCKET/PREFIX --workspace'",
        parameter: "bucket")
    }
    do { return try JobBucket(text) } catch var error as ParallaxError {
      error.parameter = named == nil ? nil : "bucket"
      throw error
    }
  }

  @concurrent func submit(
    _ inputs: [ModelInput], side: EmbeddingSide, bucket: JobBucket?, meter: any BatchMeter
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
            try await submit(job, bucket, meter)
            job = Job()
            job.append(api.line(of: input, at: 0, side: side), position)
          } else {
            job.append(line, position)
          }
        }
      }
    }
    if !job.positions.isEmpty { try await submit(job, bucket, meter) }
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
  private func submit(_ job: Job, _ bucket: JobBucket?, _ meter: any BatchMeter) async throws {
    let name = try meter.begin(job.positions)
    let folder = bucket?.folder(of: name)
    let address: String
    do { address = try await beginUpload(of: job.body.count, named: name, in: folder) } catch {
      throw try await refused(name, nil, meter, error)
    }
    let file: String
    do { file = try await upload(job.body, to: address, about: folder ?? name) } catch {
      throw try await refused(name, folder, meter, error)
    }
    let once = OnlyOnce(what: name, provider: embedder.spec.provider)
    let response: HTTPResponse
    do {
      response = try await send(observer: once) {
        var request = try await api.jobRequest(named: name, on: file, in: folder)
        request.isSentOnce = true
        return request
      } judge: { response in
        if Self.isRefusal(response.status) { once.wasRefusedByName() }
        return api.judgeJob(response)
      }
    } catch {
      if once.wasSent { throw error }
      throw try await refused(name, folder, meter, error)
    }
    try meter.wasSubmitted(name, as: try api.status(in: response).job)
  }

  /// A job that the provider does not have leaves no file behind, or the error says where.
  private func refused(
    _ name: String, _ folder: String?, _ meter: any BatchMeter, _ error: any Error
  ) async throws -> any Error {
    var error = error
    if let folder {
      do { try await discard(folder) } catch is ParallaxError {
        if var known = error as? ParallaxError {
          if known.message.hasSuffix(".") { known.message.removeLast() }
          known.message += "; files of the job may stay in '\(folder)'"
          error = known
        }
      }
    }
    try meter.wasRefused(name)
    return error
  }

  /// Whether a status says that nothing was done; a service that fails may have done it before.
  private static func isRefusal(_ status: Int) -> Bool {
    (400..<500).contains(status) && ![408, 425, 499].contains(status)
  }

  func status(of job: String) async throws -> BatchStatus {
    let status = try api.status(
      in: try await send {
        try await api.statusRequest(of: job)
      } judge: {
        api.judgeJob($0)
      })
    guard status.job == job else {
      throw ParallaxError(
        .badReply, "'\(embedder.spec.provider)' answered for another job than it was asked for")
    }
    return await shown(status)
  }

  private func shown(_ status: BatchStatus) async -> BatchStatus {
    var status = status
    if let message = status.message { status.message = await shown(message) }
    return status
  }

  /// A service's words without what it may quote of a secret.
  func shown(_ text: String) async -> String {
    Redactor(await api.secrets).shown(text, longest: Self.longestMessage)
  }

  func statuses() async throws -> [BatchStatus] {
    var all: [BatchStatus] = []
    var page: String?
    for _ in 0..<Self.mostPages {
      let asked = page
      let (jobs, next) = try api.statuses(
        in: try await send {
          try await api.listRequest(page: asked)
        } judge: {
          api.judgeJob($0)
        })
      for job in jobs { all.append(await shown(job)) }
      guard let next else { return all }
      if next == page { break }
      page = next
    }
    throw ParallaxError(
      .badReply, "'\(embedder.spec.provider)' lists jobs without an end",
      hint: "delete old jobs of this key at the provider")
  }

  func cancel(_ job: String) async throws {
    _ = try await send {
      try await api.cancelRequest(of: job)
    } judge: {
      api.judgeJob($0)
    }
  }

  /// Access that has run out in the middle of the work is renewed, once a request.
  func send(
    observer: (any AttemptObserver)? = nil,
    _ request: @Sendable () async throws -> HTTPRequest,
    judge: @Sendable (HTTPResponse) -> HTTPClient.Verdict
  ) async throws -> HTTPResponse {
    func attempt() async throws -> HTTPResponse {
      // A file of answers is no JSON object, and says nothing of errors.
      try await embedder.client.send(try await request(), observer: observer) { response in
        response.isSuccess ? .accepted : judge(response)
      }
    }
    do { return try await attempt() } catch let error as ParallaxError
      where error.code == .authentication
    {
      guard await api.renewAccess() else { throw error }
      return try await attempt()
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
