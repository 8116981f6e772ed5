#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A regular file's bytes, mapped for reading until the object goes.
///
/// `@unchecked Sendable`: the pointer never changes and nobody writes through it.
package final class MappedFile: @unchecked Sendable {
  package let bytes: UnsafeRawBufferPointer
  private let mapping: UnsafeMutableRawPointer?

  /// - Returns: `nil` when the file is not there or cannot be read; `errno` says why.
  package init?(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let count = Int(status.st_size)
    guard count > 0 else {
      mapping = nil
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let mapping = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      mapping != MAP_FAILED
    else { return nil }
    self.mapping = mapping
    bytes = UnsafeRawBufferPointer(start: mapping, count: count)
  }

  deinit { if let mapping { munmap(mapping, bytes.count) } }
}
