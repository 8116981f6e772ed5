private import ParallaxCore
private import Synchronization

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What a finished program left.
package struct ProgramOutcome: Sendable {
  package var output: String
  package var errors: String
  /// The exit code, or 128 + the signal that ended it.
  package var code: Int32
}

/// A program run as a shell would run it: own environment, pipes for its streams.
///
/// It is waited for whether or not a test asks how it ended: the monitor of exit tests looks at every child, and finds
/// no other while one that ended is left lying.
package final class ProgramRun: Sendable {
  package let pid: Int32
  private let output: PipeReader
  private let errors: PipeReader
  private let openInput: Mutex<Int32?>
  private let end = ProgramEnd()

  /// Starts `program`; `input` is its whole standard input, `nil` keeps that open.
  package init(
    _ program: String, _ arguments: [String], input: String? = "",
    environment: [String: String] = [:], folder: String? = nil
  ) throws {
    let started = try Self.spawning.withLock { _ in
      try Self.spawn(program, arguments, environment: environment, folder: folder)
    }
    pid = started.pid
    output = PipeReader(started.output, of: end)
    errors = PipeReader(started.errors, of: end)
    openInput = Mutex(input == nil ? started.input : nil)
    if let input { PipeWriter.write(input, to: started.input) }
    detach { [end, pid] in end.wait(for: pid) }
  }

  /// Ends a standard input that was kept open.
  ///
  /// - Returns: whether it was open until now.
  @discardableResult
  package func closeInput() -> Bool {
    openInput.withLock { descriptor in
      guard let open = descriptor else { return false }
      close(open)
      descriptor = nil
      return true
    }
  }

  /// Between pipe(2) and its close-on-exec flag no other child may start.
  private static let spawning = Mutex(())

  private struct Started: Sendable {
    var pid: pid_t
    var input: Int32
    var output: Int32
    var errors: Int32
  }

  private static func spawn(
    _ program: String, _ arguments: [String], environment: [String: String], folder: String?
  ) throws -> Started {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let (stdin, stdout, stderr) = (try Pipe(), try Pipe(), try Pipe())
    posix_spawn_file_actions_adddup2(&actions, stdin.read, 0)
    posix_spawn_file_actions_adddup2(&actions, stdout.write, 1)
    posix_spawn_file_actions_adddup2(&actions, stderr.write, 2)
    // The folder of one child only: tests share their process and must not change its own.
    let command = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder ?? ".", program] + arguments
    var argv = command.map { strdup($0) } + [nil]
    var variables = Self.environment.merging(environment) { $1 }.map { strdup("\($0)=\($1)") }
    variables.append(nil)
    defer { for text in argv + variables { free(text) } }
    var started = pid_t()
    let status = posix_spawn(&started, "/bin/sh", &actions, nil, &argv, &variables)
    for end in [stdin.read, stdout.write, stderr.write] { close(end) }
    guard status == 0 else {
      throw ParallaxError(.missingComponent, "cannot start '\(program)': \(status)")
    }
    return Started(pid: started, input: stdin.write, output: stdout.read, errors: stderr.read)
  }

  /// The first line of its output, as soon as it is there; empty when it ends without one.
  package func firstLine() async -> String { await output.line(containing: "") }

  /// The first line of its output with a text in it, as soon as it is there.
  package func line(containing text: String) async -> String {
    await output.line(containing: text)
  }

  /// The first line of what it writes about its work.
  package func firstErrorLine() async -> String { await errors.line(containing: "") }

  /// The first line that it writes about its work with a text in it, as soon as it is there; empty when it ends without one.
  package func errorLine(containing text: String) async -> String {
    await errors.line(containing: text)
  }

  /// Ends its input and forgets it.
  package func abandon() { closeInput() }

  /// Sends a signal, unless the program has ended.
  package func kill(_ signal: Int32 = SIGKILL) { end.kill(pid, signal) }

  /// Waits for the end and everything it wrote; a test that is cancelled, as by its time limit, ends the program.
  package func finish() async -> ProgramOutcome {
    await withTaskCancellationHandler {
      let (output, errors) = (await output.text(), await errors.text())
      let status = await end.status()
      let signal = status & 0x7F
      return ProgramOutcome(
        output: output, errors: errors, code: signal == 0 ? (status >> 8) & 0xFF : 128 + signal)
    } onCancel: {
      kill(SIGKILL)
    }
  }

  /// What a test's program sees: no settings of the person who runs the tests, and hours for a picture on a busy
  /// machine.
  private static let environment: [String: String] = [
    "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent",
    "PARALLAX_DECODE_SECONDS": "3600",
  ]
}

private struct Pipe {
  let read: Int32
  let write: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw ParallaxError(.missingComponent, "no pipe: \(String(cString: strerror(errno)))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (read, write) = (ends[0], ends[1])
  }
}

/// How a program ended, once it has.
private final class ProgramEnd: Sendable {
  private struct State {
    var status: Int32?
    var waiters: [CheckedContinuation<Int32, Never>] = []
  }
  private let state = Mutex(State())

  var isThere: Bool { state.withLock { $0.status != nil } }

  /// Waits for the program, on a thread of its own.
  func wait(for pid: pid_t) {
    var information = siginfo_t()
    while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
    let (status, waiters) = state.withLock { state in
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
      state.status = status
      return (status, state.waiters)
    }
    for waiter in waiters { waiter.resume(returning: status) }
  }

  /// From its end on the number may be another program's.
  func kill(_ pid: pid_t, _ signal: Int32) {
    state.withLock { state in
      if state.status == nil { Glibc.kill(pid, signal) }
    }
  }

  func status() async -> Int32 {
    await withCheckedContinuation { continuation in
      let status = state.withLock { state in
        if state.status == nil { state.waiters.append(continuation) }
        return state.status
      }
      if let status { continuation.resume(returning: status) }
    }
  }
}

/// Reads a pipe to its end on a thread of its own, so that no program blocks on a full one.
private final class PipeReader: Sendable {
  private struct State {
    var bytes: [UInt8]?
    var waiter: CheckedContinuation<String, Never>?
    /// The beginning of what came, among which lines are looked for.
    var seen: [UInt8] = []
    var isAtEnd = false
    var lineWaiter: (text: String, CheckedContinuation<String, Never>)?
  }
  private static let mostSeen = 1 << 16
  private let state = Mutex(State())

  /// - Parameter end: of the program that writes. What it leaves running may keep the pipe open for ever.
  init(_ descriptor: Int32, of end: ProgramEnd) {
    detach { [self] in
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let hasEnded = end.isThere
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let ready = poll(&waiting, 1, 1_000)
        if ready == 0 && hasEnded { break }
        if ready <= 0 { continue }
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { break }
        bytes += buffer[..<count]
        note(bytes)
      }
      close(descriptor)
      note(bytes, isAtEnd: true)
      let waiter = state.withLock { state in
        state.bytes = bytes
        return state.waiter
      }
      waiter?.resume(returning: String(decoding: bytes, as: UTF8.self))
    }
  }

  /// The first whole line of some bytes that contains a text.
  private static func line(containing text: String, in bytes: [UInt8]) -> String? {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.dropLast().lazy.map { String(decoding: $0, as: UTF8.self) }
      .first { text.isEmpty || $0.contains(text) }
  }

  /// - Parameter isAtEnd: no further line comes.
  private func note(_ bytes: [UInt8], isAtEnd: Bool = false) {
    let found = state.withLock { state -> (CheckedContinuation<String, Never>, String)? in
      if state.seen.count < Self.mostSeen { state.seen = Array(bytes.prefix(Self.mostSeen)) }
      state.isAtEnd = isAtEnd
      guard let (text, waiter) = state.lineWaiter,
        let line = Self.line(containing: text, in: state.seen) ?? (isAtEnd ? "" : nil)
      else { return nil }
      state.lineWaiter = nil
      return (waiter, line)
    }
    if let (waiter, line) = found { waiter.resume(returning: line) }
  }

  func line(containing text: String) async -> String {
    await withCheckedContinuation { continuation in
      let line = state.withLock { state -> String? in
        let line = Self.line(containing: text, in: state.seen) ?? (state.isAtEnd ? "" : nil)
        if line == nil { state.lineWaiter = (text, continuation) }
        return line
      }
      if let line { continuation.resume(returning: line) }
    }
  }

  func text() async -> String {
    await withCheckedContinuation { continuation in
      let done = state.withLock { state in
        if state.bytes == nil { state.waiter = continuation }
        return state.bytes
      }
      if let done { continuation.resume(returning: String(decoding: done, as: UTF8.self)) }
    }
  }
}

private enum PipeWriter {
  static func write(_ text: String, to descriptor: Int32) {
    guard !text.isEmpty else {
      close(descriptor)
      return
    }
    detach {
      // A program that does not read its input must not end the tests.
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, SIGPIPE)
      pthread_sigmask(SIG_BLOCK, &signals, nil)
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 { break }
        rest = rest.dropFirst(count)
      }
      close(descriptor)
    }
  }
}

func detach(_ body: @escaping @Sendable () -> Void) {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  pthread_create(
    &thread, nil,
    { context in
      if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
      return nil
    }, Unmanaged.passRetained(Box(body)).toOpaque())
  pthread_detach(thread)
}
