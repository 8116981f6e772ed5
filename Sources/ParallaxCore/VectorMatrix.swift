/// The vectors of one loaded space: one contiguous, 64-byte aligned, immutable block.
///
/// `@unchecked Sendable`: the memory is written only by the initialiser's
/// closure, before the object exists for anyone else, and freed in `deinit`.
package final class VectorMatrix: @unchecked Sendable {
  package let rowCount: Int
  package let dimension: Int
  private let storage: UnsafeMutableRawPointer
  /// Keeps memory that came from elsewhere; `nil` for the object's own.
  private let owner: AnyObject?

  /// Allocates `rowCount` × `dimension` floats, zeroed, and lets `fill` write them row by row.
  package init(
    rowCount: Int, dimension: Int,
    filledBy fill: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    precondition(rowCount >= 0 && dimension > 0, "a matrix has a positive dimension")
    self.rowCount = rowCount
    self.dimension = dimension
    let bytes = max(rowCount * dimension * MemoryLayout<Float>.stride, 64)
    storage = .allocate(byteCount: bytes, alignment: 64)
    owner = nil
    let floats = storage.bindMemory(to: Float.self, capacity: rowCount * dimension)
    floats.initialize(repeating: 0, count: rowCount * dimension)
    // When this throws, the object is already whole: `deinit` frees the memory.
    try fill(UnsafeMutableBufferPointer(start: floats, count: rowCount * dimension))
  }

  /// Lies over memory that `owner` keeps: `rowCount` × `dimension` floats, aligned to 64 bytes, which
  /// nobody writes any more.
  package init(
    rowCount: Int, dimension: Int, at storage: UnsafeMutableRawPointer, of owner: AnyObject
  ) {
    precondition(rowCount >= 0 && dimension > 0, "a matrix has a positive dimension")
    self.rowCount = rowCount
    self.dimension = dimension
    self.storage = storage
    self.owner = owner
    storage.bindMemory(to: Float.self, capacity: rowCount * dimension)
  }

  deinit { if owner == nil { storage.deallocate() } }

  /// Bytes held, for `list`.
  package var byteCount: Int { rowCount * dimension * MemoryLayout<Float>.stride }

  /// Calls `body` with all values, row by row; the pointer must not escape.
  package func withValues<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    let floats = storage.assumingMemoryBound(to: Float.self)
    return try body(UnsafeBufferPointer(start: floats, count: rowCount * dimension))
  }

  /// A copy of one row.
  package func row(_ index: Int) -> [Float] {
    precondition(index >= 0 && index < rowCount, "row out of range")
    return withValues { Array($0[(index * dimension)..<((index + 1) * dimension)]) }
  }
}
