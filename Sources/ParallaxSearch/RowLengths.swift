internal import ParallaxCore

/// 1 / length of each row, which turns dot products into cosines.
///
/// The squares are summed in the order of every scan, the rest is double precision. So the cosine of equal vectors, q·q / √(q·q · q·q),
/// is exactly 1 once it is a float again.
struct RowLengths: Sendable {
  /// 0 for a zero row, whose cosines are 0; not a number for an extreme one.
  let inverses: [Double]
  /// Rows whose squares vanish or overflow in single precision, ascending: they are compared in double precision, one by one.
  let extreme: [Int]

  /// Squares that lose nothing worth mentioning to underflow, and do not overflow.
  static let usual: ClosedRange<Float> = 0x1p-60...0x1p120

  /// - Parameter dimension: of the prefix that counts.
  init(of matrix: VectorMatrix, dimension: Int, _ kernel: Kernel, _ threads: Int?) {
    let inverses = ParallelRows(
      rowCount: matrix.rowCount, dimension: dimension, block: 4_096, threads: threads
    ).collect { row in
      matrix.withValues { values in
        let start = row * matrix.dimension
        return Self.inverse(
          UnsafeBufferPointer(rebasing: values[start..<start + dimension]), kernel)
      }
    }
    self.inverses = inverses
    extreme = inverses.indices.filter { inverses[$0].isNaN }
  }

  private static func inverse(_ row: UnsafeBufferPointer<Float>, _ kernel: Kernel) -> Double {
    let square = kernel.square(row)
    if usual.contains(square) { return 1 / Double(square).squareRoot() }
    return row.allSatisfy { $0 == 0 } ? 0 : .nan
  }

  /// The extreme rows of a range.
  func extreme(in range: Range<Int>) -> [Int] {
    extreme.isEmpty ? [] : extreme.filter(range.contains)
  }
}

/// A query as the kernels want it.
struct PreparedQuery: Sendable {
  var values: [Float]
  /// 1 / its length for cosines, 1 otherwise.
  var factor = 1.0

  /// For cosines: multiplied by a power of two so that its length is near 1, which rounds nothing; `nil` without a direction.
  init?(direction vector: [Float], _ kernel: Kernel) {
    let length = Vector.length(vector)
    guard length > 0, length.isFinite else { return nil }
    values = vector
    if !(0.25...4).contains(length) {
      let power = Double(sign: .plus, exponent: -length.exponent, significand: 1)
      values = vector.map { Float(Double($0) * power) }
    }
    factor = 1 / Double(values.withUnsafeBufferPointer { kernel.square($0) }).squareRoot()
  }

  init(_ values: [Float]) { self.values = values }
}
