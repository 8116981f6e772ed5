package import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

extension ParallaxError.Code {
  package static let unwritableFile = Self("unwritable-file")
  package static let fileExists = Self("file-exists")
}

/// Files that appear whole or not at all.
package enum AtomicFile {
  /// Writes `bytes` to a new file beside `path`, then gives it the name in one step.
  ///
  /// - Throws: `file-exists` unless `replace`, `unwritable-file` with the system's reason; what stood
  ///   at `path` is untouched then.
  package static func write(_ bytes: [UInt8], to path: String, replace: Bool) throws {
    try write(to: path, replace: replace) { write in try write(bytes) }
  }

  /// The same piece by piece, for what is too large to stand in memory.
  ///
  /// - Parameter body: is handed what writes a piece.
  /// - Throws: also what `body` throws; nothing is at `path` then that was not there before.
  package static func write(
    to path: String, replace: Bool, _ body: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws {
    if !replace && access(path, F_OK) == 0 { throw exists(path) }
    let temporary = "\(path).\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw unwritable(path) }
    defer { unlink(temporary) }
    do {
      defer { close(descriptor) }
      try body { try writeAll($0, to: descriptor, path: path) }
      guard fsync(descriptor) == 0 else { throw unwritable(path) }
    }
    // link(2) refuses an existing name, which rename(2) would replace.
    let status = replace ? rename(temporary, path) : link(temporary, path)
    guard status == 0 else { throw errno == EEXIST ? exists(path) : unwritable(path) }
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Self.systemWrite(descriptor, $0) }
      if count < 0 {
        if errno == EINTR { continue }
        throw unwritable(path)
      }
      rest = rest.dropFirst(count)
    }
  }

  private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }

  private static func exists(_ path: String) -> ParallaxError {
    ParallaxError(.fileExists, "'\(path)' exists", hint: "--replace overwrites it")
  }

  private static func unwritable(_ path: String) -> ParallaxError {
    let reason = String(cString: strerror(errno))
    let hint = errno == ENOENT ? "make the folder first" : nil
    return ParallaxError(.unwritableFile, "cannot write '\(path)': \(reason)", hint: hint)
  }
}
