internal import ParallaxCore
private import ParallaxSystem

/// The rows of a matrix on the few axes along which they differ most, as int8 codes with a scale an axis, and how much of each
/// row the codes leave out: bounds of all cosines for a few bytes a row.
///
/// `@unchecked Sendable`: the memory is written by the initialiser only.
package final class PlacedRows: @unchecked Sendable {
  /// Rows of a panel.
  static let height = 16

  let axes: PlacedAxes
  package let byteCount: Int
  package var axisCount: Int { axes.width }
  let rowCount: Int
  private let codes: LargeMemory
  /// Errors and rests, one after another.
  private let numbers: LargeMemory
  private let longest: Double

  /// - Parameters:
  ///   - lengths: of the rows, none of them extreme.
  ///   - threads: at most this many; `nil` for one a processor.
  ///   - stop: what ends it early; it is of no use then.
  init(
    _ matrix: VectorMatrix, _ lengths: RowLengths, _ axes: PlacedAxes, kernel: Kernel,
    threads: Int?, until stop: ScanStop? = nil
  ) {
    self.axes = axes
    rowCount = matrix.rowCount
    let places = (rowCount + Self.height - 1) / Self.height * Self.height
    let codes = LargeMemory(count: places * axes.width)
    let numbers = LargeMemory(count: places * 2 * MemoryLayout<Float>.stride)
    (self.codes, self.numbers) = (codes, numbers)
    byteCount = codes.bytes.count + numbers.bytes.count
    codes.bytes.bindMemory(to: Int8.self)
    let rows = ParallelRows(
      rowCount: rowCount, dimension: matrix.dimension * max(1, axes.width / 16), block: 256,
      threads: threads)
    longest =
      rows.run {
        (products: [Float](repeating: 0, count: axes.width * rows.block), longest: 0.0)
      } _: { state, range in
        if stop?.isStopped ?? false { return }
        axes.products(of: matrix, range, to: &state.products, stride: rows.block, kernel)
        let own = lengths.inverses.withUnsafeBufferPointer { inverses in
          inverses.baseAddress.map {
            Kernel.place(
              state.products, stride: rows.block, inverses: $0 + range.lowerBound, range,
              by: axes.frame, to: Self.memory(codes, numbers, places, axes.width))
          }
        }
        state.longest = max(state.longest, own ?? 0)
      }.map(\.longest).max() ?? 0
  }

  /// The rows of an index; `nil` where codes say nothing of some: by another measure than cosine, and with extreme rows.
  ///
  /// - Throws: `CancellationError` when it was stopped, and is not whole.
  convenience init?(of index: ExactIndex, _ axes: PlacedAxes, until stop: ScanStop? = nil) throws {
    guard let lengths = index.lengths, lengths.extreme.isEmpty else { return nil }
    self.init(
      index.matrix, lengths, axes, kernel: index.kernel, threads: index.threads, until: stop)
    try stop?.check()
  }

  private static func memory(
    _ codes: LargeMemory, _ numbers: LargeMemory, _ places: Int, _ width: Int
  ) -> Kernel.PlacedMemory {
    let size = places * MemoryLayout<Float>.stride
    return Kernel.PlacedMemory(
      codes: codes.start.assumingMemoryBound(to: Int8.self),
      errors: numbers.start.assumingMemoryBound(to: Float.self),
      rests: (numbers.start + size).assumingMemoryBound(to: Float.self), width: width)
  }

  /// Rows, and those that only fill the last panel.
  var placeCount: Int { (rowCount + Self.height - 1) / Self.height * Self.height }

  /// A query as it meets these rows.
  func placed(_ query: PreparedQuery, _ kernel: Kernel) -> Kernel.PlacedQuery {
    Kernel.PlacedQuery(
      axes.products(of: query.values, kernel), axes.frame, factor: query.factor, longest: longest)
  }

  /// An upper bound of the cosine with each row of a range, which begins at a panel.
  ///
  /// - Parameter bounds: with room for whole panels.
  func bound(
    _ query: Kernel.PlacedQuery, _ range: Range<Int>, _ kernel: Kernel,
    to bounds: UnsafeMutablePointer<Float>
  ) {
    let panels = range.lowerBound / Self.height..<(range.upperBound + Self.height - 1) / Self.height
    withExtendedLifetime(self) {
      kernel.bound(
        Self.memory(codes, numbers, placeCount, axes.width), query, panels, to: bounds)
    }
  }
}
