private import ParallaxSystem
private import Synchronization

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Another program asked for a short text, on a thread of its own: it may take its time.
enum ChildProcess {
  /// The standard output of a shell command, with nothing to read.
  ///
  /// - Returns: `nil` when it failed or could not be started.
  /// - Throws: `CancellationError`; the program is ended then.
  static func output(of command: String, atMost limit: Int) async throws -> [UInt8]? {
    let child = Child()
    let output = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isStarted = DetachedThread.start {
          continuation.resume(returning: child.run(command, limit))
        }
        if !isStarted { continuation.resume(returning: nil) }
      }
    } onCancel: {
      child.end()
    }
    try Task.checkCancellation()
    return output
  }

  private final class Child: Sendable {
    private struct State {
      var process: pid_t?
      var isEnded = false
    }
    private let state = Mutex(State())

    func run(_ command: String, _ limit: Int) -> [UInt8]? {
      // The shell says which process it is before it becomes the program.
      guard !state.withLock({ $0.isEnded }), let pipe = popen("echo $$; exec \(command)", "r")
      else {
        return nil
      }
      var bytes: [UInt8] = []
      var process: pid_t?
      var byte = fgetc(pipe)
      while byte != EOF, bytes.count <= limit {
        if process == nil, byte == 0x0A {
          process = pid_t(String(decoding: bytes, as: UTF8.self))
          bytes = []
          began(process)
        } else {
          bytes.append(UInt8(truncatingIfNeeded: byte))
        }
        byte = fgetc(pipe)
      }
      if byte != EOF { end() }
      state.withLock { $0.process = nil }
      let isTooLong = byte != EOF
      return pclose(pipe) == 0 && !isTooLong ? bytes : nil
    }

    private func began(_ process: pid_t?) {
      state.withLock { state in
        state.process = process
        if state.isEnded, let process { kill(process, SIGKILL) }
      }
    }

    /// Ends the process, or keeps it from being started. It has inherited a mask that may block any
    /// other signal.
    func end() {
      state.withLock { state in
        state.isEnded = true
        if let process = state.process { kill(process, SIGKILL) }
      }
    }
  }
}
