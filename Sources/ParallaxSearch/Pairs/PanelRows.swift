internal import ParallaxCore
private import ParallaxSystem

/// The rows of a matrix on some axes, as the kernels look for pairs.
///
/// `@unchecked Sendable`: the memory is written by the initialiser only.
final class PanelRows: @unchecked Sendable {
  /// Rows of a panel.
  static let height = 16

  let panelCount: Int
  private let width: Int
  private let codes: LargeMemory
  /// Sums, starts, rests and least ones, one after another.
  private let numbers: LargeMemory

  /// - Parameters:
  ///   - lengths: of the rows.
  ///   - stop: leaves the rest of the rows unwritten.
  init(
    _ matrix: VectorMatrix, _ lengths: RowLengths, _ axes: PanelAxes, _ frame: Kernel.PanelFrame,
    kernel: Kernel, threads: Int?, until stop: ScanStop? = nil
  ) {
    width = axes.count
    panelCount = (matrix.rowCount + Self.height - 1) / Self.height
    codes = LargeMemory(count: panelCount * Self.height * width)
    numbers = LargeMemory(
      count: panelCount * Self.height * Self.numberCount * MemoryLayout<Float>.stride)
    codes.bytes.bindMemory(to: Int8.self)
    let queries = axes.values + axes.mean
    let rows = ParallelRows(
      rowCount: matrix.rowCount, dimension: matrix.dimension * max(1, width / 16), block: 256,
      threads: threads)
    _ = rows.run(until: stop) {
      [Float](repeating: 0, count: (axes.count + 1) * rows.block)
    } _: { products, range in
      matrix.withValues { values in
        guard let start = UnsafeRawPointer(values.baseAddress) else { return }
        kernel.scan(
          .dot, Kernel.Part(rows: start, dimension: matrix.dimension, range: range),
          queries: queries, count: axes.count + 1, scores: &products, stride: rows.block)
      }
      Kernel.encode(
        products, stride: rows.block, inverses: Array(lengths.inverses[range]), range, by: frame,
        to: memory)
    }
    // Rows that only fill the last panel are near none.
    let rest = matrix.rowCount..<panelCount * Self.height
    Kernel.encode(
      [0], stride: 0, inverses: Array(repeating: 0, count: rest.count), rest, by: frame, to: memory)
  }

  private static let numberCount = 4

  /// Valid while the object lives.
  var memory: Kernel.PanelMemory {
    let size = panelCount * Self.height * MemoryLayout<Float>.stride
    return Kernel.PanelMemory(
      codes: codes.start.assumingMemoryBound(to: Int8.self),
      sums: numbers.start.assumingMemoryBound(to: Int32.self),
      starts: (numbers.start + size).assumingMemoryBound(to: Int32.self),
      rests: (numbers.start + 2 * size).assumingMemoryBound(to: Float.self),
      least: (numbers.start + 3 * size).assumingMemoryBound(to: Float.self), width: width)
  }
}
