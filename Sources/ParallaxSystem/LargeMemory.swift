private import Dispatch

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A zeroed block of memory that is given back with the object.
///
/// Blocks of some megabytes begin at a large page and ask the system for such: touching 600 MB for
/// the first time in pages of 4 KB takes seven times as long as in pages of 2 MB.
///
/// `@unchecked Sendable`: whoever holds it decides who writes; the pointer itself never changes.
package final class LargeMemory: @unchecked Sendable {
  package let bytes: UnsafeMutableRawBufferPointer
  /// Where they begin; a block is never empty.
  package let start: UnsafeMutableRawPointer
  private let mapping: UnsafeMutableRawPointer?
  private let mappedCount: Int

  private static let largePage = 2 << 20
  /// Below this, the standard allocator does.
  private static let smallest = 4 << 20

  /// - Parameter count: bytes; the block is aligned to 64 bytes at least.
  package init(count: Int) {
    precondition(count >= 0, "a size is not negative")
    let mappedCount = count + Self.largePage
    if count >= Self.smallest, let mapping = Self.map(mappedCount) {
      self.mapping = mapping
      self.mappedCount = mappedCount
      let start = (UInt(bitPattern: mapping) + UInt(Self.largePage) - 1) & ~UInt(Self.largePage - 1)
      let offset = Int(start - UInt(bitPattern: mapping))
      self.start = mapping + offset
      bytes = UnsafeMutableRawBufferPointer(start: mapping + offset, count: count)
      #if os(Linux)
        madvise(mapping + offset, count, MADV_HUGEPAGE)
      #endif
    } else {
      mapping = nil
      self.mappedCount = 0
      let size = max(count, 64)
      start = .allocate(byteCount: size, alignment: 64)
      bytes = UnsafeMutableRawBufferPointer(start: start, count: size)
      bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }
  }

  deinit {
    if let mapping { munmap(mapping, mappedCount) } else { bytes.deallocate() }
  }

  /// Has the system bring the memory in ahead of whoever fills it in order, on a thread of its own.
  package func populateAhead() {
    #if os(Linux)
      guard mapping != nil else { return }
      let (step, total) = (32 << 20, bytes.count)
      DispatchQueue.global(qos: .userInitiated).async { [weak self] in
        for start in stride(from: 0, to: total, by: step) {
          // Nobody may want it any more.
          guard let memory = self, let place = memory.bytes.baseAddress else { return }
          let code = withExtendedLifetime(memory) {
            madvise(place + start, min(step, total - start), MADV_POPULATE_WRITE)
          }
          // Systems before Linux 5.14 cannot.
          guard code == 0 else { return }
        }
      }
    #endif
  }

  private static func map(_ count: Int) -> UnsafeMutableRawPointer? {
    let mapping = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    return mapping == MAP_FAILED ? nil : mapping
  }
}
