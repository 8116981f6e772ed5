private import CReadline
private import ParallaxCore
private import ParallaxSystem
private import Synchronization

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Turns Ctrl-C into a call: of the running command's cancellation while there is
/// one, and into a byte on a pipe that the prompt watches otherwise.
///
/// The signal's handler writes to a pipe and a thread reads it, so that nothing of this
/// program runs inside a handler. (Blocking the signal and waiting for it does not do:
/// Dispatch unblocks it in the main thread.)
final class Interrupts: Sendable {
  /// Readable when Ctrl-C was pressed at the prompt.
  let promptDescriptor: Int32
  private let promptWriteEnd: Int32
  private let signals: Int32
  private let cancellation = Mutex<(@Sendable () -> Void)?>(nil)

  /// - Throws: `missing-component` when the system has no pipe or no thread to give.
  init() throws {
    (promptDescriptor, promptWriteEnd) = try Self.makePipe()
    let writeEnd: Int32
    (signals, writeEnd) = try Self.makePipe()
    creadline_forward_interrupts(writeEnd)
    guard DetachedThread.start({ self.waitForever() }) else {
      throw ParallaxError(.missingComponent, "the system has no thread to give")
    }
  }

  /// Runs `body` in a task that Ctrl-C cancels.
  func cancellable<Result: Sendable>(
    _ body: sending @escaping @isolated(any) () async -> Result
  ) async -> Result {
    let task = Task(operation: body)
    cancellation.withLock { cancel in
      cancel = { task.cancel() }
      // Pressed after Enter and before there was a task: readline has returned the line and reads no more.
      if takePrompted() { task.cancel() }
    }
    defer { cancellation.withLock { $0 = nil } }
    return await task.value
  }

  /// Has a request of the system to end do as Ctrl-C does, or end the program.
  func takeTermination(_ takes: Bool) { creadline_forward_termination(takes) }

  /// Runs `body`, which asks a person something in the midst of a command: Ctrl-C answers it.
  func asking<Answer>(_ body: () -> Answer) -> Answer {
    let outer = cancellation.withLock { cancel in
      defer { cancel = nil }
      return cancel
    }
    defer { cancellation.withLock { $0 = outer } }
    return body()
  }

  /// A pipe that programs started here do not inherit and whose write end never blocks.
  private static func makePipe() throws -> (readEnd: Int32, writeEnd: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw ParallaxError(
        .missingComponent, "cannot make a pipe: \(SystemError.last.reason)")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
  }

  private func waitForever() -> Never {
    var byte: UInt8 = 0
    while true {
      guard read(signals, &byte, 1) == 1 else { continue }
      cancellation.withLock { cancel in
        if let cancel { return cancel() }
        _ = write(promptWriteEnd, &byte, 1)
      }
    }
  }

  /// Whether Ctrl-C waits for the prompt; it does no longer.
  private func takePrompted() -> Bool {
    var waiting = pollfd(fd: promptDescriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, 0) == 1 else { return false }
    var bytes = [UInt8](repeating: 0, count: 64)
    return read(promptDescriptor, &bytes, bytes.count) > 0
  }
}
