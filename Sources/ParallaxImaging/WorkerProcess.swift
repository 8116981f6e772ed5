private import CVips
internal import ParallaxCore
private import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A running worker as the decoder's thread sees it: a process, a socket, and half-read replies.
struct WorkerProcess: ~Copyable {
  let descriptor: Int32
  private let process: Int32
  private var received: [UInt8] = []

  /// Starts `executable` as a worker.
  ///
  /// - Throws: `missing-component` with the system's reason.
  init(executable: String) throws(DecodeFailure) {
    var process: Int32 = 0
    var descriptor: Int32 = -1
    let status = withCStrings(Self.environment) {
      cvips_spawn(executable, DecodeWorker.argument, $0, &process, &descriptor)
    }
    guard status == 0 else {
      throw Self.notStarted(executable, SystemError(status).reason.lowercased())
    }
    self.process = process
    self.descriptor = descriptor
    var patience = timeval(tv_sec: Self.sendSeconds, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  /// A worker that does not read for so long is given up.
  private static let sendSeconds = 5

  deinit { close(descriptor) }

  static func notStarted(_ executable: String, _ reason: String) -> DecodeFailure {
    DecodeFailure(
      .missingComponent, "the decode worker '\(executable)' cannot be started: \(reason)",
      hint: "set PARALLAX_WORKER to the path of the parallax program")
  }

  /// Ends the process; the signal that had ended it before, if one had.
  ///
  /// Without a wait first, a live process counts as ended by the kill signal.
  consuming func end() -> Int32 { cvips_reap(process) }

  /// Sends a request; `false` when the worker is gone.
  ///
  /// A head is far smaller than a socket's buffer and the worker is idle, so this does not block; pixels
  /// to be encoded take as long as the worker reads.
  func send(_ request: DecodeRequest) -> Bool {
    let tail = request.tail
    return send(Frame.framed(request.head, pixels: tail.count)) && send(tail)
  }

  private func send(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = cvips_send(
          descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }

  /// What a read made of the bytes so far.
  enum Incoming {
    case nothingYet
    case reply(DecodeReply, pixels: [UInt8])
    /// What it sends makes no sense.
    case nonsense
    case ended
  }

  /// Reads what is there, up to one reply.
  ///
  /// - Parameter pixelLimit: More pixels than these are not believed.
  mutating func receive(into scratch: inout [UInt8], pixelLimit: Int) -> Incoming {
    let count = recv(descriptor, &scratch, scratch.count, Int32(MSG_DONTWAIT))
    if count < 0, errno == EINTR || errno == EAGAIN { return .nothingYet }
    guard count > 0 else { return .ended }
    received.append(contentsOf: scratch[..<count])
    guard received.count >= Frame.length else { return .nothingYet }
    guard let frame = Frame(received[..<Frame.length]), frame.pixels / 3 <= pixelLimit else {
      return .nonsense
    }
    let pixelStart = Frame.length + frame.head
    let end = pixelStart + frame.pixels
    received.reserveCapacity(end)
    guard received.count >= end else { return .nothingYet }
    defer { received.removeAll(keepingCapacity: end < Self.keptCapacity) }
    guard received.count == end,
      let reply = DecodeReply(head: received[Frame.length..<pixelStart])
    else { return .nonsense }
    return .reply(reply, pixels: Array(received[pixelStart...]))
  }

  /// Larger buffers are given back after each reply.
  private static let keptCapacity = 4 << 20

  /// What a worker needs of the environment; keys of providers stay out of reach of hostile files.
  private static var environment: [String] {
    let names = [
      "PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
      "DYLD_FALLBACK_LIBRARY_PATH", "VIPSHOME", "PARALLAX_VIPS", "ASAN_OPTIONS", "TSAN_OPTIONS",
    ]
    return names.compactMap { name in Environment.variables[name].map { "\(name)=\($0)" } }
  }
}

/// Calls `body` with a null-terminated array of C strings.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  let copies = strings.map { strdup($0) } + [nil]
  defer { copies.forEach { free($0) } }
  return copies.withUnsafeBufferPointer { buffer in
    guard let start = buffer.baseAddress else { preconditionFailure("the array is never empty") }
    return body(start)
  }
}
