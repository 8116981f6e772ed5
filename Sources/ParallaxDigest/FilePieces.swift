private import ParallaxCore
private import ParallaxSystem

/// A regular file read in pieces of 1 MiB.
struct FilePieces: ~Copyable {
  private let file: InputFile
  private let buffer: UnsafeMutableRawBufferPointer

  /// - Throws: `unreadable-file` with the system's reason.
  init(_ path: String) throws {
    file = try InputFile(path)
    buffer = .allocate(byteCount: 1 << 20, alignment: 64)
  }

  deinit { buffer.deallocate() }

  /// The next bytes, valid until the next call; `nil` at the end of the file.
  ///
  /// - Throws: `unreadable-file` with the system's reason; `cancelled` as soon as the task is.
  mutating func next() throws -> UnsafeRawBufferPointer? {
    let count = try file.read(into: buffer)
    return count > 0 ? UnsafeRawBufferPointer(rebasing: buffer[..<count]) : nil
  }
}
