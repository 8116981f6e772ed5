internal import ParallaxCore

/// Orthonormal axes on which rows differ most, found from a sample; the earlier ones hold more.
///
/// Which axes they are decides how fast pairs are found, never which pairs.
struct PanelAxes: Sendable {
  let dimension: Int
  /// One after another.
  let values: [Float]
  /// Of the sampled rows, as unit vectors.
  let mean: [Float]
  /// A bound of the spectral norm of what the axes' Gram matrix has beside ones.
  let deviation: Double

  var count: Int { values.count / dimension }

  /// Turns of the orthogonal iteration: more do not change what the axes leave out by a hundredth.
  static let usualTurns = 2

  /// - Parameters:
  ///   - sample: at least one row.
  ///   - count: axes wanted; those that the rows do not have are zero.
  ///   - turns: of the orthogonal iteration.
  /// - Throws: `CancellationError` when it was stopped.
  init(
    of sample: CentredDirections, count: Int, kernel: Kernel, turns: Int = usualTurns,
    until stop: ScanStop?
  ) throws {
    let dimension = sample.matrix.dimension
    self.dimension = dimension
    mean = sample.mean.map { Float($0) }
    let across = Self.transposed(sample.matrix)
    // Rows of the sample would be no start: an axis keeps much of one, and says too much of it.
    var random = SeededGenerator(seed: 0)
    var axes = (0..<count * dimension).map { _ in Float.random(in: -1...1, using: &random) }
    var deviation = Kernel.orthonormalize(&axes, dimension: dimension)
    for _ in 0..<turns {
      try stop?.check()
      // Onto the axes and back: what the rows have most of grows most.
      let onto = Self.products(of: axes, with: sample.matrix, kernel)
      axes = Self.products(of: onto, with: across, kernel)
      try stop?.check()
      deviation = Kernel.orthonormalize(&axes, dimension: dimension)
    }
    values = axes
    self.deviation = deviation
  }

  private init(first count: Int, of other: PanelAxes) {
    dimension = other.dimension
    values = Array(other.values.prefix(count * other.dimension))
    mean = other.mean
    deviation = other.deviation
  }

  /// The dot product of each axis with the mean.
  var offsets: [Double] {
    (0..<count).map { Vector.dot(Array(values[$0 * dimension..<($0 + 1) * dimension]), mean) }
  }

  func first(_ count: Int) -> PanelAxes { PanelAxes(first: count, of: self) }

  /// Dot products of queries, one after another, with all rows: the results of one query after those of another.
  static func products(
    of queries: [Float], with rows: VectorMatrix, _ kernel: Kernel
  ) -> [Float] {
    let (count, rowCount) = (queries.count / rows.dimension, rows.rowCount)
    return rows.withValues { values in
      [Float](unsafeUninitializedCapacity: count * rowCount) { buffer, filled in
        guard let start = UnsafeRawPointer(values.baseAddress), let scores = buffer.baseAddress
        else { return }
        kernel.scan(
          .dot, Kernel.Part(rows: start, dimension: rows.dimension, range: 0..<rowCount),
          queries: queries, count: count, scores: scores, stride: rowCount)
        filled = count * rowCount
      }
    }
  }

  private static func transposed(_ matrix: VectorMatrix) -> VectorMatrix {
    matrix.withValues { values in
      VectorMatrix(rowCount: matrix.dimension, dimension: matrix.rowCount) { buffer in
        for column in 0..<matrix.dimension {
          for row in 0..<matrix.rowCount {
            buffer[column * matrix.rowCount + row] = values[row * matrix.dimension + column]
          }
        }
      }
    }
  }
}
