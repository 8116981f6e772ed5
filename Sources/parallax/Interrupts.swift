private import Synchronization

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Turns Ctrl-C into a call: of the running command's cancellation while there is
/// one, and into a byte on a pipe that the prompt watches otherwise.
///
/// SIGINT is blocked in every thread and waited for by one of its own, so that
/// no code runs inside a signal handler.
final class Interrupts: Sendable {
  /// Readable when Ctrl-C was pressed at the prompt.
  let promptDescriptor: Int32
  private let writeEnd: Int32
  private let cancellation = Mutex<(@Sendable () -> Void)?>(nil)

  /// Must be called before any other thread exists.
  init() {
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    promptDescriptor = ends[0]
    writeEnd = ends[1]
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    startWaiting()
  }

  /// Runs `body` in a task that Ctrl-C cancels.
  func cancellable<Result: Sendable>(
    _ body: sending @escaping @isolated(any) () async -> Result
  ) async -> Result {
    let task = Task(operation: body)
    cancellation.withLock { $0 = { task.cancel() } }
    defer { cancellation.withLock { $0 = nil } }
    return await task.value
  }

  private func startWaiting() {
    let box = Unmanaged.passRetained(self)
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Interrupts>.fromOpaque(context).takeRetainedValue().waitForever()
      }, box.toOpaque())
    pthread_detach(thread)
  }

  private func waitForever() -> Never {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    while true {
      var number: Int32 = 0
      guard sigwait(&signals, &number) == 0 else { continue }
      if let cancel = cancellation.withLock({ $0 }) {
        cancel()
      } else {
        _ = write(writeEnd, "c", 1)
      }
    }
  }
}
