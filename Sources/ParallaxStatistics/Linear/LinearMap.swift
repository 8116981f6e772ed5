/// A map between two spaces: the distance from one mean, times a matrix, and the other mean.
package struct LinearMap: Sendable, Hashable {
  /// `inputs` numbers.
  package let inputMean: [Double]
  /// `outputs` numbers.
  package let outputMean: [Double]
  /// `inputs` × `rank` numbers, and `rank` × `outputs` where the matrix is a product.
  package let factors: [DenseMatrix]

  init(from inputMean: [Double], to outputMean: [Double], _ factors: [DenseMatrix]) {
    self.inputMean = inputMean
    self.outputMean = outputMean
    self.factors = factors
  }

  /// The same map in the form that is applied fastest: two matrices only where they are thin.
  ///
  /// - Throws: `CancellationError`.
  package func compacted() throws -> LinearMap {
    let (inputs, outputs) = (inputMean.count, outputMean.count)
    guard factors.count == 2, rank * (inputs + outputs) >= inputs * outputs else { return self }
    return LinearMap(from: inputMean, to: outputMean, [try factors[0].times(factors[1])])
  }

  /// The rank of its matrix, at most.
  package var rank: Int { min(factors[0].rowCount, factors[0].columnCount) }

  /// Maps points.
  ///
  /// - Parameter points: one a row.
  /// - Throws: `CancellationError`.
  package func applied(to points: DenseMatrix) throws -> DenseMatrix {
    var result = points.subtracting(inputMean)
    for factor in factors { result = try result.times(factor) }
    return result.adding(outputMean)
  }
}

extension DenseMatrix {
  /// The mean of the rows; zeros without rows.
  var meanRow: [Double] {
    var mean = [Double](repeating: 0, count: columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { mean[column] += self[row, column] }
    }
    return mean.map { $0 / Double(max(1, rowCount)) }
  }

  func subtracting(_ row: [Double]) -> DenseMatrix { adding(row.map { -$0 }) }

  func adding(_ row: [Double]) -> DenseMatrix {
    var result = self
    result.values.withUnsafeMutableBufferPointer { values in
      for index in values.indices { values[index] += row[index % columnCount] }
    }
    return result
  }

  /// Each row times a number.
  func scalingRows(_ factors: [Double]) -> DenseMatrix {
    var result = self
    result.values.withUnsafeMutableBufferPointer { values in
      for index in values.indices { values[index] *= factors[index / columnCount] }
    }
    return result
  }
}
