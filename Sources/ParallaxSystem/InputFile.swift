internal import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A file open for reading: a regular one, unless a pipe is asked for.
package struct InputFile: ~Copyable {
  package enum Kinds: Sendable {
    case regular
    /// Also pipes, sockets and devices, which somebody named on purpose, such as `/dev/stdin`.
    case any
  }

  package let path: String
  /// As it was when it was opened.
  package let status: FileStatus
  private let file: FileDescriptor

  package var descriptor: Int32 { file.number }

  /// - Throws: `unreadable-file` with the system's reason, or with what is there in place of a file.
  package init(_ path: String, _ kinds: Kinds = .regular) throws {
    guard !path.utf8.contains(0) else {
      throw ParallaxError.unreadable(path, "a name has no NUL")
    }
    let file = try Self.opened(path)
    guard let status = FileStatus(descriptor: file.number) else {
      throw ParallaxError.unreadable(path, .last)
    }
    guard status.kind == .file || kinds == .any && status.kind != .folder else {
      throw Self.refusal(of: path, status.kind)
    }
    self.path = path
    self.status = status
    self.file = file
  }

  /// The next bytes, up to as many as there is room for; 0 at the end.
  ///
  /// - Throws: `unreadable-file`; `cancelled` while a pipe makes it wait.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    try Self.read(descriptor, named: path, into: buffer)
  }

  /// Some bytes from a place on, wherever reading has come to; fewer at the end of the file.
  ///
  /// - Throws: `unreadable-file`.
  package func bytes(at offset: Int64, count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
      while filled < buffer.count {
        let read = pread(
          descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled,
          off_t(offset) + off_t(filled))
        if read < 0, errno == EINTR { continue }
        guard read >= 0 else { throw ParallaxError.unreadable(path, .last) }
        if read == 0 { break }
        filled += read
      }
    }
  }

  /// All bytes.
  ///
  /// - Throws: `unreadable-file`, also when there are more than `limit`; `cancelled`.
  package func contents(atMost limit: Int) throws -> [UInt8] {
    guard status.size <= limit else { throw Self.tooLarge(path, limit) }
    return try Self.contents(of: descriptor, named: path, atMost: limit, expecting: status.size)
  }

  /// All bytes of the regular file at `path`.
  ///
  /// - Throws: `unreadable-file`, also when there are more than `limit`; `cancelled`.
  package static func contents(of path: String, atMost limit: Int) throws -> [UInt8] {
    try InputFile(path).contents(atMost: limit)
  }

  /// The whole standard input.
  ///
  /// - Throws: `unreadable-file`, also when there are more than `limit` bytes; `cancelled`.
  package static func standardInput(atMost limit: Int) throws -> [UInt8] {
    try contents(of: STDIN_FILENO, named: "standard input", atMost: limit, expecting: 0)
  }

  /// The next bytes of the standard input, up to as many as there is room for; 0 at the end.
  ///
  /// - Throws: `unreadable-file`; `cancelled` while it is waited for.
  static func standardInput(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    try read(STDIN_FILENO, named: "standard input", into: buffer)
  }

  /// Calls `body` with the bytes of a regular file mapped into memory.
  package func withMappedBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let mapped = try MappedFile(self)
    return try withExtendedLifetime(mapped) { try body(mapped.bytes) }
  }
}

extension InputFile {
  private static func opened(_ path: String) throws -> FileDescriptor {
    do throws(SystemError) { return try FileDescriptor(reading: path) } catch {
      throw ParallaxError.unreadable(path, error)
    }
  }

  private static func contents(
    of descriptor: Int32, named name: String, atMost limit: Int, expecting count: Int64
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    // One more than expected, so that the end is seen without another piece.
    var room = Int(min(max(count, 0), Int64(limit))) + 1
    while true {
      if bytes.capacity < bytes.count + room { bytes.reserveCapacity(bytes.count + room) }
      let before = bytes.count
      let piece = try [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
        filled = try read(descriptor, named: name, into: UnsafeMutableRawBufferPointer(buffer))
      }
      if piece.isEmpty { return bytes }
      if before == 0 { bytes = piece } else { bytes += piece }
      guard bytes.count <= limit else { throw tooLarge(name, limit) }
      room = max(1 << 16, min(bytes.count, 1 << 24))
    }
  }

  private static func read(
    _ descriptor: Int32, named name: String, into buffer: UnsafeMutableRawBufferPointer
  ) throws -> Int {
    while true {
      guard !Task.isCancelled else {
        throw ParallaxError(.cancelled, "cancelled while reading '\(name)'")
      }
      // A pipe whose writer has not come yet reads as ended; waiting for it can be cancelled.
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&request, 1, 100)
      if ready == 0 || ready < 0 && errno == EINTR { continue }
      let count = systemRead(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR || errno == EAGAIN else { throw ParallaxError.unreadable(name, .last) }
    }
  }

  private static func refusal(of path: String, _ kind: FileStatus.Kind) -> ParallaxError {
    .unreadable(
      path, "it is a \(kind.rawValue), not a file",
      hint: kind == .folder ? nil : "write its output to a file and name that file")
  }

  private static func tooLarge(_ path: String, _ limit: Int) -> ParallaxError {
    let most =
      limit >= 1 << 20
      ? "\(limit >> 20) MiB" : limit >= 1 << 10 ? "\(limit >> 10) KiB" : "\(limit) B"
    return .unreadable(
      path, "it has more than \(most)",
      hint: "no such file is that large: is it the right one?")
  }
}

/// `read(2)`, which a method of the same name would hide.
private func systemRead(_ descriptor: Int32, _ target: UnsafeMutableRawPointer?, _ count: Int)
  -> Int
{
  read(descriptor, target, count)
}
