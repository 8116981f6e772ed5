internal import ParallaxCore
private import Synchronization

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What passes between the tasks that ask and the thread that owns the workers.
///
/// The continuations live here, so that a cancelled task is answered at once,
/// whatever its worker is doing.
final class DecodeQueue: Sendable {
  struct Job {
    let id: Int
    let request: DecodeRequest
    /// Whether a worker ended over it before.
    var isSecondTry = false
  }

  /// What a worker sent beside the properties.
  enum Payload: Sendable {
    case nothing
    case pixels(PixelBuffer)
    case fingerprint(Fingerprint)
    /// Encoded as the request says.
    case file([UInt8])
  }

  typealias Outcome = (properties: ImageProperties, payload: Payload)
  private typealias Asker = CheckedContinuation<Outcome, any Error>

  private struct State {
    var nextID = 0
    var askers: [Int: Asker] = [:]
    var incoming: [Job] = []
    var isClosed = false
    var hasThread = false
  }

  private let state = Mutex(State())
  /// A byte on this pipe interrupts the thread's wait.
  private let wakeReader: Int32
  private let wakeWriter: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (wakeReader, wakeWriter) = (ends[0], ends[1])
  }

  deinit {
    close(wakeReader)
    close(wakeWriter)
  }

  // MARK: - For tasks

  /// Waits for the outcome of a request.
  ///
  /// - Parameter start: Called when no thread serves the queue yet; `false` when none can.
  /// - Throws: `DecodeFailure` or `CancellationError`.
  func outcome(
    of request: DecodeRequest, startingThread start: () -> Bool
  ) async throws -> Outcome {
    guard wakeReader >= 0 else { throw Self.exhausted }
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { asker in
        let needsThread = submit(Job(id: id, request: request), asker)
        if needsThread, !start() { threadIsMissing(for: id) }
        // A cancellation before the line above found nobody to answer.
        if Task.isCancelled { cancel(id) }
        wake()
      }
    } onCancel: {
      cancel(id)
    }
  }

  /// - Returns: Whether a thread must be started.
  private func submit(_ job: Job, _ asker: Asker) -> Bool {
    let (isClosed, needsThread) = state.withLock { state in
      if state.isClosed { return (true, false) }
      state.askers[job.id] = asker
      state.incoming.append(job)
      defer { state.hasThread = true }
      return (false, !state.hasThread)
    }
    if isClosed { asker.resume(throwing: CancellationError()) }
    return needsThread
  }

  private func threadIsMissing(for id: Int) {
    state.withLock { $0.hasThread = false }
    finish(id, .failure(Self.exhausted))
  }

  private static let exhausted = DecodeFailure(
    .internalError, "the system has no free threads or file descriptors")

  private func cancel(_ id: Int) {
    finish(id, .failure(CancellationError()))
  }

  /// Refuses everything waiting and to come; the thread ends its workers.
  func shut() {
    let askers = state.withLock { state in
      state.isClosed = true
      state.incoming = []
      defer { state.askers = [:] }
      return state.askers
    }
    for asker in askers.values { asker.resume(throwing: CancellationError()) }
    wake()
  }

  private func wake() {
    var byte: UInt8 = 1
    // A full pipe wakes the reader just as well.
    _ = write(wakeWriter, &byte, 1)
  }

  // MARK: - For the thread

  /// The descriptor that becomes readable when there is something to take.
  var signal: Int32 { wakeReader }

  /// The jobs since the last call; `nil` once the queue is closed.
  func take() -> [Job]? {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(wakeReader, &bytes, bytes.count) > 0 {}
    return state.withLock { state in
      defer { state.incoming = [] }
      return state.isClosed ? nil : state.incoming
    }
  }

  /// Whether somebody still waits for a job.
  func isWanted(_ job: Job) -> Bool {
    state.withLock { $0.askers[job.id] != nil }
  }

  func finish(_ id: Int, _ outcome: Result<Outcome, any Error>) {
    let asker = state.withLock { $0.askers.removeValue(forKey: id) }
    asker?.resume(with: outcome)
  }
}
