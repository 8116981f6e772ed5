internal import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Small files read whole: scripts, configuration, history.
package enum FileBytes {
  /// - Throws: `unreadable-file` with the system's reason, or when the file exceeds `limit` bytes.
  package static func contents(of path: String, limit: Int = 64 << 20) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    return try contents(of: descriptor, named: path, limit: limit)
  }

  /// The whole standard input.
  package static func standardInput() throws -> [UInt8] {
    try contents(of: STDIN_FILENO, named: "standard input", limit: 64 << 20)
  }

  private static func contents(
    of descriptor: Int32, named name: String, limit: Int
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes {
        read(descriptor, $0.baseAddress, $0.count)
      }
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw unreadable(name)
      }
      bytes += buffer[..<count]
      guard bytes.count <= limit else {
        throw ParallaxError(
          .unreadableFile, "'\(name)' is larger than the \(limit >> 20) MiB a script may have")
      }
    }
  }

  private static func unreadable(_ path: String) -> ParallaxError {
    ParallaxError(.unreadableFile, "cannot read '\(path)': \(String(cString: strerror(errno)))")
  }
}
