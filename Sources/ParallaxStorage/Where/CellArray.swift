internal import ParallaxSystem

/// Values one behind the other in memory that nobody changes, which columns share.
///
/// `@unchecked Sendable`: the memory is written before the first of them is made.
struct CellArray<Element: BitwiseCopyable & Sendable>: RandomAccessCollection, @unchecked Sendable {
  private let memory: LargeMemory
  private let cells: UnsafeBufferPointer<Element>

  /// A part of a block.
  ///
  /// - Precondition: the part lies in the block, where a value may begin.
  init(_ memory: LargeMemory, from offset: Int, count: Int) {
    precondition(offset + count * MemoryLayout<Element>.stride <= memory.bytes.count)
    self.memory = memory
    cells = UnsafeBufferPointer(
      start: (memory.start + offset).assumingMemoryBound(to: Element.self), count: count)
  }

  init(_ values: [Element]) {
    let memory = LargeMemory(count: values.count * MemoryLayout<Element>.stride)
    values.withUnsafeBytes { values in
      if let start = values.baseAddress {
        memory.start.copyMemory(from: start, byteCount: values.count)
      }
    }
    self.init(memory, from: 0, count: values.count)
  }

  var startIndex: Int { 0 }
  var endIndex: Int { cells.count }

  @inline(__always)
  subscript(position: Int) -> Element { cells[position] }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(cells) }

  /// Calls `body` with the values; they must not escape.
  @inline(__always)
  func withCells<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(memory) { try body(cells) }
  }
}
