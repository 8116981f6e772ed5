internal import ParallaxCore
private import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The workers and the jobs they do, on one thread that waits for all of them at once.
///
/// The thread starts the processes itself, since the system ends a worker with
/// the thread that started it.
struct WorkerPool: ~Copyable {
  private let queue: DecodeQueue
  private let executable: String
  private let workers: Int
  /// Falls below `workers` when the system refuses further processes.
  private var capacity: Int
  private var slots: [WorkerSlot] = []
  private var pending: ArraySlice<DecodeQueue.Job> = []
  private var scratch = [UInt8](repeating: 0, count: 1 << 18)

  /// How long a worker may take to open libvips.
  private static let startTime: Duration = .seconds(30)
  /// A worker is replaced after this many jobs, which bounds what the libraries leak.
  private static let jobsPerWorker = 2000

  init(_ queue: DecodeQueue, executable: String, workers: Int) {
    self.queue = queue
    self.executable = executable
    self.workers = workers
    capacity = workers
  }

  /// Serves the queue until it is closed.
  mutating func run() {
    while let jobs = queue.take() {
      pending.append(contentsOf: jobs)
      assign()
      wait()
      endLateWorkers()
    }
    for slot in slots { retire(slot) }
  }

  // MARK: - Handing out

  private mutating func assign() {
    while let job = pending.first {
      guard queue.isWanted(job) else {
        pending.removeFirst()
        continue
      }
      guard let slot = slots.first(where: { $0.isIdle }) else { break }
      // A worker that is gone before it read the request says nothing about the image.
      if slot.start(job, deadline: .now + Self.time(for: job)) {
        pending.removeFirst()
      } else {
        retire(slot)
      }
    }
    startWorkers()
  }

  private static func time(for job: DecodeQueue.Job) -> Duration {
    let request = job.request
    return request.limits.time(
      forBytes: request.bytes?.count ?? Int(FileStatus(at: request.path)?.size ?? 0))
  }

  private mutating func startWorkers() {
    let waiting = slots.count { !$0.isBusy }
    let wanted = min(pending.count - waiting, capacity - slots.count)
    for _ in 0..<max(0, wanted) {
      do throws(DecodeFailure) {
        let worker = try WorkerProcess(executable: executable)
        slots.append(WorkerSlot(worker, deadline: .now + Self.startTime))
      } catch {
        return startFailed(error)
      }
    }
  }

  /// Goes on with the workers there are; without any, nothing can be decoded.
  private mutating func startFailed(_ failure: DecodeFailure) {
    guard slots.isEmpty else {
      capacity = slots.count
      return
    }
    capacity = workers
    for job in pending { fail(job, failure) }
    pending = []
  }

  // MARK: - Waiting

  private mutating func wait() {
    var descriptors = [pollfd(fd: queue.signal, events: Int16(POLLIN), revents: 0)]
    for slot in slots {
      descriptors.append(pollfd(fd: slot.descriptor, events: Int16(POLLIN), revents: 0))
    }
    guard poll(&descriptors, nfds_t(descriptors.count), timeout) > 0 else { return }
    for (slot, entry) in zip(slots, descriptors.dropFirst()) where entry.revents != 0 {
      readReply(of: slot)
    }
  }

  /// Milliseconds to the next deadline, at most a minute; -1 for no limit.
  private var timeout: Int32 {
    guard let next = slots.filter({ !$0.isIdle }).map(\.deadline).min() else { return -1 }
    let left = SuspendingClock.now.duration(to: next) / .milliseconds(1)
    return Int32(min(max(left, 0), 60_000).rounded(.up))
  }

  private mutating func endLateWorkers() {
    let now = SuspendingClock.now
    for slot in slots where !slot.isIdle && slot.deadline <= now {
      switch slot.state {
      case .busy(let job):
        retire(slot)
        let seconds = DecodeLimits.seconds(Self.time(for: job))
        fail(
          job, DecodeFailure(.imageTooSlow, "decoding it took longer than \(seconds) seconds"))
      case .starting:
        retire(slot)
        startFailed(WorkerProcess.notStarted(executable, "it does not answer"))
      case .idle: break
      }
    }
  }

  // MARK: - Replies

  private mutating func readReply(of slot: WorkerSlot) {
    switch slot.receive(into: &scratch) {
    case .nothingYet: return
    case .nonsense: lost(slot, .nonsense)
    case .ended: lost(slot, .ended)
    case .reply(let reply, let pixels): handle(reply, pixels, from: slot)
    }
  }

  private mutating func handle(_ reply: DecodeReply, _ pixels: [UInt8], from slot: WorkerSlot) {
    switch (reply, slot.state) {
    case (.ready, .starting):
      slot.rest()
    case (.failed(let failure), .starting):
      retire(slot)
      startFailed(failure)
    case (.failed(let failure), .busy(let job)):
      fail(job, failure)
      release(slot)
    case (.done(let properties, let width, let height), .busy(let job)):
      guard let outcome = outcome(properties, width, height, pixels, of: job) else {
        return lost(slot, .nonsense)
      }
      queue.finish(job.id, .success(outcome))
      release(slot)
    case (.fingerprint(let properties, let fingerprint), .busy(let job))
    where job.request.wantsFingerprint:
      queue.finish(job.id, .success((properties, .fingerprint(fingerprint))))
      release(slot)
    default:
      lost(slot, .nonsense)
    }
  }

  private func outcome(
    _ properties: ImageProperties, _ width: Int, _ height: Int, _ pixels: [UInt8],
    of job: DecodeQueue.Job
  ) -> DecodeQueue.Outcome? {
    guard !job.request.wantsFingerprint else { return nil }
    if let encoding = job.request.encoding {
      return pixels.starts(with: encoding.head) ? (properties, .file(pixels)) : nil
    }
    guard job.request.transform != nil else { return (properties, .nothing) }
    guard width > 0, height > 0, width <= pixels.count / 3 / height,
      width * height * 3 == pixels.count
    else { return nil }
    return (properties, .pixels(PixelBuffer(width: width, height: height, bytes: pixels)))
  }

  private mutating func release(_ slot: WorkerSlot) {
    slot.rest()
    if slot.served >= Self.jobsPerWorker { retire(slot) }
  }

  private enum Loss { case ended, nonsense }

  /// A worker ended on its own, or cannot be trusted any more.
  ///
  /// Its job is given to another once: only what ends two of them says something about the image.
  private mutating func lost(_ slot: WorkerSlot, _ loss: Loss) {
    let state = slot.state
    let signal = retire(slot)
    switch state {
    case .idle: break
    case .starting:
      startFailed(WorkerProcess.notStarted(executable, "it ended at once"))
    case .busy(var job):
      guard !job.isSecondTry else { return fail(job, Self.failure(loss, signal)) }
      job.isSecondTry = true
      pending.insert(job, at: pending.startIndex)
    }
  }

  /// The signals by which a process ends itself when something is wrong inside it.
  private static let crashes = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS]

  private static func failure(_ loss: Loss, _ signal: Int32) -> DecodeFailure {
    let blame = "twice; the file is damaged or hostile"
    if loss == .nonsense {
      return DecodeFailure(.imageCrashedDecoder, "the decode worker sent an invalid reply \(blame)")
    }
    if signal == 0 {
      return DecodeFailure(.imageCrashedDecoder, "the decode worker ended \(blame)")
    }
    if crashes.contains(signal) {
      return DecodeFailure(
        .imageCrashedDecoder, "the decode worker crashed by signal \(signal) \(blame)")
    }
    let guess = signal == SIGKILL ? "; perhaps the machine ran out of memory" : ""
    return DecodeFailure(
      .workerKilled, "the decode worker was killed by signal \(signal) twice\(guess)",
      hint: "run the command again")
  }

  private func fail(_ job: DecodeQueue.Job, _ failure: DecodeFailure) {
    queue.finish(job.id, .failure(failure))
  }

  @discardableResult
  private mutating func retire(_ slot: WorkerSlot) -> Int32 {
    slots.removeAll { $0 === slot }
    return slot.end()
  }
}
