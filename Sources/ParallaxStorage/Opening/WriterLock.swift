internal import ParallaxCore
private import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The right to write a workspace, held by at most one process.
///
/// A `flock` on a file beside the workspace: the kernel gives it up with the process, however it
/// ends. It is not taken on the workspace itself, because closing any descriptor of that file
/// would drop SQLite's own locks on it.
struct WriterLock: ~Copyable {
  private let descriptor: Int32
  private let path: String
  /// Whether the session before ended without giving the lock back: it was killed, or the machine
  /// lost its power. Until it is taken back, the lock file stays behind as the sign of it.
  var isSuspect: Bool

  /// - Throws: `workspace-in-use` naming the holder, `read-only` when the file cannot be made.
  init(workspace: String) throws {
    path = workspace + "-lock"
    descriptor = try Self.acquire(path, workspace: workspace)
    // Whoever closes removes the file, so that one with contents was left.
    isSuspect = (FileStatus(descriptor: descriptor)?.size ?? 0) > 0
    ftruncate(descriptor, 0)
    let line = Array("\(getpid())\n".utf8)
    _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  }

  deinit {
    // Removed while still held, so that whoever waits for it sees that it is gone. Another file may
    // have its name, where somebody removed the workspace with all that lies beside it.
    if !isSuspect, Self.isSameFile(descriptor, path) { unlink(path) }
    close(descriptor)
  }

  private static func acquire(_ path: String, workspace: String) throws -> Int32 {
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      guard descriptor >= 0 else {
        throw ParallaxError(
          .readOnly, "cannot write beside '\(workspace)': \(SystemError.last.reason)",
          hint: "open it for reading, or copy it to a folder you may write in")
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let error = refusal(.last, holder: holder(descriptor), workspace: workspace)
        close(descriptor)
        throw error
      }
      // The holder before may have removed the file between our opening and locking it.
      if isSameFile(descriptor, path) { return descriptor }
      close(descriptor)
    }
  }

  private static func refusal(_ error: SystemError, holder: Int32?, workspace: String)
    -> ParallaxError
  {
    guard error.number == EWOULDBLOCK else {
      return ParallaxError(
        .readOnly, "cannot lock '\(workspace)': \(error.reason)",
        hint: "copy it to a local disk")
    }
    let who =
      switch holder {
      case getpid(): "this process"
      case let other?: "process \(other)"
      case nil: "another process"
      }
    return ParallaxError(
      .workspaceInUse, "'\(workspace)' is open for writing in \(who)",
      hint: "end that session, or open the workspace with --read-only")
  }

  /// The process that wrote its id into the lock file.
  private static func holder(_ descriptor: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    let digits = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }
    return Int32(String(decoding: digits, as: UTF8.self))
  }

  private static func isSameFile(_ descriptor: Int32, _ path: String) -> Bool {
    let held = FileStatus(descriptor: descriptor)?.identity
    return held != nil && held == FileStatus(at: path)?.identity
  }
}
