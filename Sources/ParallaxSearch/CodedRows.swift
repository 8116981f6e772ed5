package import ParallaxCore
private import ParallaxSystem

/// A matrix as int8 codes with a scale a row, and what the codes leave out: a quarter of the memory,
/// read four times as fast.
///
/// `@unchecked Sendable`: the memory is written by the initialiser only.
package final class CodedRows: @unchecked Sendable {
  package let byteCount: Int
  let dimension: Int
  private let codes: LargeMemory
  /// Scales, sums, residuals and lengths, one after another.
  private let numbers: LargeMemory
  private let rowCount: Int

  /// - Parameter threads: at most this many; `nil` for one a processor.
  package init(_ matrix: VectorMatrix, kernel: Kernel = .best, threads: Int? = nil) {
    rowCount = matrix.rowCount
    dimension = matrix.dimension
    codes = LargeMemory(count: rowCount * dimension)
    numbers = LargeMemory(count: rowCount * Self.numberCount * MemoryLayout<Float>.stride)
    byteCount = codes.bytes.count + numbers.bytes.count
    codes.bytes.bindMemory(to: Int8.self)
    let rows = ParallelRows(
      rowCount: rowCount, dimension: dimension, block: 1_024, threads: threads)
    _ = rows.run {
      ()
    } _: { _, range in
      matrix.withValues { values in
        guard let values = values.baseAddress else { return }
        withMemory { kernel.encode(values, range, to: $0) }
      }
    }
  }

  private static let numberCount = 4

  /// Calls `body` with where everything lies; the pointers must not escape.
  func withMemory<Result>(_ body: (Kernel.CodeMemory) -> Result) -> Result? {
    guard let codes = codes.bytes.baseAddress, let numbers = numbers.bytes.baseAddress else {
      return nil
    }
    let size = rowCount * MemoryLayout<Float>.stride
    return body(
      Kernel.CodeMemory(
        codes: codes.assumingMemoryBound(to: Int8.self),
        scales: numbers.assumingMemoryBound(to: Float.self),
        sums: (numbers + size).assumingMemoryBound(to: Int32.self),
        residuals: (numbers + 2 * size).assumingMemoryBound(to: Float.self),
        lengths: (numbers + 3 * size).assumingMemoryBound(to: Float.self),
        dimension: dimension))
  }
}

/// A matrix as one bit a value: whether it is above zero.
///
/// `@unchecked Sendable`: the memory is written by the initialiser only.
package final class BitRows: @unchecked Sendable {
  package let byteCount: Int
  let dimension: Int
  private let memory: LargeMemory

  package init(_ matrix: VectorMatrix, threads: Int? = nil) {
    dimension = matrix.dimension
    let words = Self.words(dimension)
    memory = LargeMemory(count: matrix.rowCount * words * MemoryLayout<UInt64>.stride)
    byteCount = memory.bytes.count
    let rows = ParallelRows(
      rowCount: matrix.rowCount, dimension: dimension, block: 1_024, threads: threads)
    _ = rows.run {
      ()
    } _: { _, range in
      matrix.withValues { values in
        guard let values = values.baseAddress else { return }
        withBits { Kernel.encodeBits(values, range, dimension: dimension, to: $0) }
      }
    }
  }

  static func words(_ dimension: Int) -> Int { (dimension + 63) / 64 }

  func withBits(_ body: (UnsafeMutablePointer<UInt64>) -> Void) {
    if let start = memory.bytes.baseAddress { body(start.assumingMemoryBound(to: UInt64.self)) }
  }
}
