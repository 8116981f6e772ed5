private import ParallaxCore

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

  /// - Throws: `unreadable-file` with the system's reason.
  package init(_ file: borrowing InputFile) throws {
    let count = Int(file.status.size)
    guard count > 0 else {
      mapping = nil
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let mapping = mmap(nil, count, PROT_READ, MAP_PRIVATE, file.descriptor, 0),
      mapping != MAP_FAILED
    else { throw ParallaxError.unreadable(file.path, .last) }
    self.mapping = mapping
    bytes = UnsafeRawBufferPointer(start: mapping, count: count)
  }

  /// - Throws: `unreadable-file` with the system's reason.
  package convenience init(_ path: String) throws { try self.init(InputFile(path)) }

  deinit { if let mapping { munmap(mapping, bytes.count) } }
}
