internal import ParallaxCore

/// A symmetric matrix with three diagonals that has the eigenvalues of another one, over a scale; on
/// the way to none but the main diagonal.
struct Tridiagonal {
  /// A power of 2, by which the matrix was divided so that its largest value is near 1.
  let scale: Double
  private(set) var diagonal: [Double]
  /// Element `i` stands between the diagonal's `i` and `i + 1`; the last one is 0.
  private var beside: [Double]
  /// Once diagonal: row `i` is the eigenvector of the diagonal's `i`. Empty where none are kept.
  private(set) var vectors: DenseMatrix

  /// Reduces `matrix` by Householder's reflections.
  ///
  /// - Throws: `internal-error` for values that are not finite; `CancellationError`.
  init(_ matrix: DenseMatrix, keepsVectors: Bool) throws {
    precondition(matrix.rowCount == matrix.columnCount, "only a square matrix has eigenvalues")
    let count = matrix.rowCount
    var largest = 0.0
    for value in matrix.values {
      guard value.isFinite else { throw Self.failure }
      largest = max(largest, abs(value))
    }
    scale = largest > 0 ? Double(sign: .plus, exponent: Int(largest.exponent), significand: 1) : 1
    diagonal = [Double](repeating: 0, count: count)
    beside = [Double](repeating: 0, count: count)
    vectors = DenseMatrix(rowCount: 0, columnCount: 0)
    var work = matrix
    for index in work.values.indices { work.values[index] /= scale }
    /// 2 over the squared length of each reflection's vector; 0 for none.
    var factors = [Double](repeating: 0, count: count)
    for step in 0..<max(0, count - 1) {
      try Task.checkCancellation()
      factors[step] = reflect(&work, step)
    }
    for index in 0..<count { diagonal[index] = work[index, index] }
    if keepsVectors { vectors = try Self.product(of: work, factors).transposed }
  }

  /// Makes the values of row `step` beyond the second diagonal zero; leaves the reflection's vector in
  /// their place.
  private mutating func reflect(_ work: inout DenseMatrix, _ step: Int) -> Double {
    let count = work.rowCount
    let size = count - step - 1
    return work.values.withUnsafeMutableBufferPointer { values -> Double in
      guard let base = values.baseAddress else { return 0 }
      let vector = base + step * count + step + 1
      let rest = dotProduct(vector + 1, vector + 1, count: size - 1)
      guard rest > 0 else {
        beside[step] = vector[0]
        return 0
      }
      let length = (vector[0] * vector[0] + rest).squareRoot()
      beside[step] = vector[0] > 0 ? -length : length
      vector[0] -= beside[step]
      let factor = 2 / (vector[0] * vector[0] + rest)
      // The rest of the matrix, symmetric, becomes A − v wᵀ − w vᵀ.
      var product = [Double](repeating: 0, count: size)
      product.withUnsafeMutableBufferPointer { product in
        for row in 0..<size {
          let (weight, line) = (factor * vector[row], vector + (row + 1) * count)
          for column in 0..<size { product[column] += weight * line[column] }
        }
        guard let own = product.baseAddress else { return }
        let half = factor / 2 * dotProduct(own, vector, count: size)
        for column in 0..<size { product[column] -= half * vector[column] }
        for row in 0..<size {
          let (left, right, line) = (vector[row], product[row], vector + (row + 1) * count)
          for column in 0..<size {
            line[column] -= left * product[column] + right * vector[column]
          }
        }
      }
      return factor
    }
  }

  /// The product of the reflections, from the last one, which moves the least.
  private static func product(of work: DenseMatrix, _ factors: [Double]) throws -> DenseMatrix {
    let count = work.rowCount
    var result = DenseMatrix(rowCount: count, columnCount: count)
    for index in 0..<count { result[index, index] = 1 }
    for step in stride(from: count - 2, through: 0, by: -1) where factors[step] != 0 {
      try Task.checkCancellation()
      let size = count - step - 1
      let vector = Array(work.row(step).suffix(size))
      var sums = [Double](repeating: 0, count: size)
      result.values.withUnsafeMutableBufferPointer { values in
        let start = (step + 1) * count + step + 1
        sums.withUnsafeMutableBufferPointer { sums in
          for row in 0..<size {
            for column in 0..<size {
              sums[column] += vector[row] * values[start + row * count + column]
            }
          }
          for row in 0..<size {
            let weight = factors[step] * vector[row]
            for column in 0..<size {
              values[start + row * count + column] -= weight * sums[column]
            }
          }
        }
      }
    }
    return result
  }

  /// Rotations a diagonal value may need, at most; two or three are usual.
  private static let limit = 60

  private static let failure = ParallaxError(
    .internalError, "the eigenvalues of a matrix cannot be computed: its values are not finite")

  /// Makes the values beside the diagonal zero by rotations.
  ///
  /// - Throws: `internal-error` when it does not come to an end; `CancellationError`.
  mutating func diagonalize() throws {
    for first in diagonal.indices {
      var rounds = 0
      while let last = blockEnd(from: first), last > first {
        rounds += 1
        guard rounds <= Self.limit else { throw Self.failure }
        try Task.checkCancellation()
        sweep(first, last)
      }
    }
  }

  /// Where the part of the matrix ends that begins at `first` and does not fall in two.
  private func blockEnd(from first: Int) -> Int? {
    (first..<diagonal.count).first { index in
      guard index + 1 < diagonal.count else { return true }
      let size = abs(diagonal[index]) + abs(diagonal[index + 1])
      return abs(beside[index]) <= .ulpOfOne / 2 * size || abs(beside[index]) < 1e-300
    }
  }

  /// One step of the implicit QL algorithm on the block from `first` to `last`.
  private mutating func sweep(_ first: Int, _ last: Int) {
    // Wilkinson's shift, taken from the first two values.
    let slope = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first])
    let root = (slope * slope + 1).squareRoot()
    var moved =
      diagonal[last] - diagonal[first] + beside[first] / (slope + (slope < 0 ? -root : root))
    var (sine, cosine, shift) = (1.0, 1.0, 0.0)
    let columns = vectors.columnCount
    for index in stride(from: last - 1, through: first, by: -1) {
      let outer = sine * beside[index]
      let inner = cosine * beside[index]
      let length = (outer * outer + moved * moved).squareRoot()
      beside[index + 1] = length
      guard length > 0 else {
        // The block falls in two here.
        diagonal[index + 1] -= shift
        beside[last] = 0
        return
      }
      sine = outer / length
      cosine = moved / length
      let value = diagonal[index + 1] - shift
      let change = (diagonal[index] - value) * sine + 2 * cosine * inner
      shift = sine * change
      diagonal[index + 1] = value + shift
      moved = cosine * change - inner
      guard columns > 0 else { continue }
      vectors.values.withUnsafeMutableBufferPointer { values in
        guard let base = values.baseAddress else { return }
        rotate(
          base + index * columns, base + (index + 1) * columns, count: columns, sine: sine,
          cosine: cosine)
      }
    }
    diagonal[first] -= shift
    beside[first] = moved
    beside[last] = 0
  }

  /// The places of the diagonal from the largest value to the smallest; equal ones as they stand.
  var descendingOrder: [Int] {
    diagonal.indices.sorted { (diagonal[$1], $0) < (diagonal[$0], $1) }
  }
}
