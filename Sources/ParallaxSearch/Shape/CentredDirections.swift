package import ParallaxCore

/// The directions of some rows, as unit vectors less their mean.
package struct CentredDirections: Sendable {
  /// A row each, in single precision.
  let matrix: VectorMatrix
  /// The mean of the unit vectors.
  package let mean: [Double]
  /// The variance of each number of the unit vectors, with the divisor n.
  package let variances: [Double]

  /// - Parameter rows: of the matrix, at least one; each has a direction.
  package init(of matrix: VectorMatrix, rows: [Int]) {
    let dimension = matrix.dimension
    var mean = [Double](repeating: 0, count: dimension)
    var variances = mean
    let factors = rows.map { 1 / Vector.length(matrix.row($0)) }
    func each(_ body: (_ place: Int, _ row: UnsafeBufferPointer<Float>, _ factor: Double) -> Void) {
      matrix.withValues { values in
        for (place, row) in rows.enumerated() {
          let start = row * dimension
          let row = UnsafeBufferPointer(rebasing: values[start..<start + dimension])
          body(place, row, factors[place])
        }
      }
    }
    each { _, row, factor in
      for index in 0..<dimension { mean[index] += Double(row[index]) * factor }
    }
    for index in 0..<dimension { mean[index] /= Double(rows.count) }
    self.matrix = VectorMatrix(rowCount: rows.count, dimension: dimension) { centred in
      each { place, row, factor in
        for index in 0..<dimension {
          let deviation = Double(row[index]) * factor - mean[index]
          variances[index] += deviation * deviation
          centred[place * dimension + index] = Float(deviation)
        }
      }
    }
    for index in 0..<dimension { variances[index] /= Double(rows.count) }
    self.mean = mean
    self.variances = variances
  }

  package var rowCount: Int { matrix.rowCount }
}
