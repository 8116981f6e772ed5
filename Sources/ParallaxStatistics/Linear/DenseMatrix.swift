internal import ParallaxCore

/// A matrix of doubles, row by row.
///
/// Every sum runs over its terms in ascending order, so a product is the same on every machine.
package struct DenseMatrix: Sendable, Hashable {
  package let rowCount: Int
  package let columnCount: Int
  /// `rowCount` × `columnCount` values, row by row.
  package internal(set) var values: [Double]

  package init(rowCount: Int, columnCount: Int, values: [Double]) {
    precondition(values.count == rowCount * columnCount, "a matrix has rows × columns values")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.values = values
  }

  /// Zeros.
  package init(rowCount: Int, columnCount: Int) {
    self.init(
      rowCount: rowCount, columnCount: columnCount,
      values: [Double](repeating: 0, count: rowCount * columnCount))
  }

  package subscript(row: Int, column: Int) -> Double {
    get { values[row * columnCount + column] }
    set { values[row * columnCount + column] = newValue }
  }

  package func row(_ row: Int) -> ArraySlice<Double> {
    values[(row * columnCount)..<((row + 1) * columnCount)]
  }

  /// The first rows.
  package func prefix(_ count: Int) -> DenseMatrix {
    DenseMatrix(
      rowCount: count, columnCount: columnCount, values: Array(values.prefix(count * columnCount)))
  }

  package var transposed: DenseMatrix {
    var result = DenseMatrix(rowCount: columnCount, columnCount: rowCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { result[column, row] = self[row, column] }
    }
    return result
  }

  /// The matrix product.
  ///
  /// - Precondition: `other` has as many rows as this has columns.
  /// - Throws: `CancellationError`.
  package func times(_ other: DenseMatrix) throws -> DenseMatrix {
    precondition(columnCount == other.rowCount, "the inner lengths of a product are equal")
    var result = DenseMatrix(rowCount: rowCount, columnCount: other.columnCount)
    let (inner, width) = (columnCount, other.columnCount)
    // As many rows of the right side as stay in a cache while each row of the left passes.
    let block = max(1, 32_768 / max(1, width))
    try result.values.withUnsafeMutableBufferPointer { sums in
      try values.withUnsafeBufferPointer { left in
        try other.values.withUnsafeBufferPointer { right in
          for start in stride(from: 0, to: inner, by: block) {
            for row in 0..<rowCount {
              if row % 64 == 0 { try Task.checkCancellation() }
              Self.add(
                left[(row * inner + start)..<(row * inner + min(start + block, inner))],
                times: right, from: start, to: &sums, at: row * width, width)
            }
          }
        }
      }
    }
    return result
  }

  /// Adds rows times factors to a row of sums, four rows in one pass, one after the other.
  private static func add(
    _ factors: Slice<UnsafeBufferPointer<Double>>, times rows: UnsafeBufferPointer<Double>,
    from first: Int, to sums: inout UnsafeMutableBufferPointer<Double>, at start: Int, _ width: Int
  ) {
    guard let sums = sums.baseAddress.map({ $0 + start }), let rows = rows.baseAddress else {
      return
    }
    var (place, row) = (factors.startIndex, rows + first * width)
    while place + 4 <= factors.endIndex {
      let (a, b, c, d) = (
        factors[place], factors[place + 1], factors[place + 2], factors[place + 3]
      )
      for column in 0..<width {
        var sum = sums[column]
        sum += a * row[column]
        sum += b * row[width + column]
        sum += c * row[2 * width + column]
        sum += d * row[3 * width + column]
        sums[column] = sum
      }
      place += 4
      row += 4 * width
    }
    while place < factors.endIndex {
      for column in 0..<width { sums[column] += factors[place] * row[column] }
      place += 1
      row += width
    }
  }

  /// The transposed matrix times another: `columnCount` × `other.columnCount` values.
  ///
  /// - Precondition: both have as many rows.
  /// - Throws: `CancellationError`.
  package func transposedTimes(_ other: DenseMatrix) throws -> DenseMatrix {
    try transposed.times(other)
  }
}

/// The sum of products, in four interleaved sums that are added at the end.
func dotProduct(
  _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, count: Int
) -> Double {
  var (first, second, third, fourth) = (0.0, 0.0, 0.0, 0.0)
  var index = 0
  while index + 4 <= count {
    first += left[index] * right[index]
    second += left[index + 1] * right[index + 1]
    third += left[index + 2] * right[index + 2]
    fourth += left[index + 3] * right[index + 3]
    index += 4
  }
  while index < count {
    first += left[index] * right[index]
    index += 1
  }
  return (first + second) + (third + fourth)
}

/// Turns two rows by an angle: `p` becomes c·p − s·q, and `q` becomes s·p + c·q.
func rotate(
  _ p: UnsafeMutablePointer<Double>, _ q: UnsafeMutablePointer<Double>, count: Int, sine: Double,
  cosine: Double
) {
  for index in 0..<count {
    let (left, right) = (p[index], q[index])
    p[index] = cosine * left - sine * right
    q[index] = sine * left + cosine * right
  }
}
