internal import ParallaxCore

/// A worker in its pool, and what it is doing.
final class WorkerSlot {
  enum State {
    case starting
    case idle
    case busy(DecodeQueue.Job)
  }

  private(set) var state = State.starting
  /// When patience with what it is doing ends; without meaning while it is idle.
  private(set) var deadline: SuspendingClock.Instant
  private(set) var served = 0
  /// `nil` once it was retired.
  private var worker: WorkerProcess?

  init(_ worker: consuming WorkerProcess, deadline: SuspendingClock.Instant) {
    self.worker = consume worker
    self.deadline = deadline
  }

  var isIdle: Bool {
    if case .idle = state { true } else { false }
  }

  var isBusy: Bool {
    if case .busy = state { true } else { false }
  }

  var descriptor: Int32 { worker?.descriptor ?? -1 }

  /// Hands over a job; `false` when the worker is gone.
  func start(_ job: DecodeQueue.Job, deadline: SuspendingClock.Instant) -> Bool {
    state = .busy(job)
    self.deadline = deadline
    return worker?.send(job.request) ?? false
  }

  /// The worker is ready for a job.
  func rest() {
    if isBusy { served += 1 }
    state = .idle
  }

  func receive(into scratch: inout [UInt8]) -> WorkerProcess.Incoming {
    // Without a job there are no pixels to come.
    let limit = if case .busy(let job) = state { job.request.limits.outputPixels } else { 0 }
    return worker?.receive(into: &scratch, pixelLimit: limit) ?? .ended
  }

  /// Ends the worker; the signal that had ended it before, 0 when it left by itself.
  func end() -> Int32 {
    guard let worker = worker.take() else { return 0 }
    return worker.end()
  }
}
