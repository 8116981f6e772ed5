import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A regular file read in pieces of 1 MiB.
struct FilePieces: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private let buffer: UnsafeMutableRawBufferPointer

  /// - Throws: `unreadable-file` with the system's reason.
  init(_ path: String) throws {
    // Without O_NONBLOCK, opening a named pipe waits for a writer that may never come.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.unreadable(path, errno) }
    var info = stat()
    let isFile = fstat(descriptor, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
    guard isFile else {
      close(descriptor)
      throw ParallaxError(.unreadableFile, "cannot read '\(path)': it is not a file")
    }
    self.path = path
    self.descriptor = descriptor
    buffer = .allocate(byteCount: 1 << 20, alignment: 64)
  }

  deinit {
    buffer.deallocate()
    close(descriptor)
  }

  /// The next bytes, valid until the next call; `nil` at the end of the file.
  ///
  /// - Throws: `unreadable-file` with the system's reason; `cancelled` as soon as the task is.
  mutating func next() throws -> UnsafeRawBufferPointer? {
    guard !Task.isCancelled else {
      throw ParallaxError(.cancelled, "cancelled while reading '\(path)'")
    }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count > 0 { return UnsafeRawBufferPointer(rebasing: buffer[..<count]) }
      if count == 0 { return nil }
      if errno != EINTR { throw Self.unreadable(path, errno) }
    }
  }

  private static func unreadable(_ path: String, _ number: Int32) -> ParallaxError {
    ParallaxError(
      .unreadableFile, "cannot read '\(path)': \(String(cString: strerror(number)))")
  }
}
