import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStatistics

/// Expected numbers by `Fixtures/make_linear.py`, from NumPy and SciPy.
@Suite struct LinearTests {
  private static let folder = "\(TestData.packageRoot)/Tests/ParallaxStatisticsTests/Fixtures"

  private static func numbers(_ text: Substring) throws -> [Double] {
    try text.split(separator: " ").map { try #require(Double($0)) }
  }

  private static func cells(of file: String) throws -> [[Substring]] {
    try TestFiles.lines(of: "\(folder)/\(file)").dropFirst(2).map { $0.split(separator: "\t") }
  }

  /// The largest difference of the rows' products from those of orthonormal rows.
  private static func defect(of rows: DenseMatrix) throws -> Double {
    let products = try rows.times(rows.transposed)
    return products.values.indices.reduce(0.0) { worst, index in
      let isDiagonal = index / products.columnCount == index % products.columnCount
      return max(worst, abs(products.values[index] - (isDiagonal ? 1 : 0)))
    }
  }

  @Test func `eigenvalues are those of NumPy, and vectors fulfil their equation`() throws {
    let lines = try Self.cells(of: "eigen.tsv")
    #expect(lines.count == 13)
    for cells in lines {
      let size = try #require(Int(cells[1]))
      let wanted = try Self.numbers(cells[3])
      let matrix = DenseMatrix(
        rowCount: size, columnCount: size, values: try Self.numbers(cells[2]))
      let scale = wanted.map { abs($0) }.max() ?? 0
      let tolerance = scale * 1e-14 * Double(size)
      let eigen = try SymmetricEigen(matrix)
      #expect(try SymmetricEigen.values(of: matrix) == eigen.values, "\(cells[0])")
      for (value, wanted) in zip(eigen.values, wanted) {
        #expect(abs(value - wanted) <= tolerance, "\(cells[0]): \(value), not \(wanted)")
      }
      #expect(try Self.defect(of: eigen.vectors) < 1e-13, "\(cells[0])")
      let products = try matrix.times(eigen.vectors.transposed)
      for row in 0..<size {
        for column in 0..<size {
          let rest = products[row, column] - eigen.values[column] * eigen.vectors[column, row]
          #expect(abs(rest) <= tolerance, "\(cells[0])")
        }
      }
    }
  }

  @Test func `an eigenvector's largest component is positive`() throws {
    let eigen = try SymmetricEigen(
      DenseMatrix(rowCount: 3, columnCount: 3, values: [2, -1, 0, -1, 2, 0, 0, 0, 5]))
    #expect(zip(eigen.values, [5.0, 3, 1]).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(Array(eigen.vectors.row(0)) == [0, 0, 1])
    for row in 0..<3 {
      let largest = eigen.vectors.row(row).max { abs($0) < abs($1) }
      #expect(try #require(largest) > 0)
    }
  }

  @Test(arguments: [Double.nan, .infinity])
  func `values that are not finite are refused`(value: Double) {
    let matrix = DenseMatrix(rowCount: 2, columnCount: 2, values: [1, value, value, 1])
    #expect(throws: ParallaxError.self) { try SymmetricEigen(matrix) }
    #expect(throws: ParallaxError.self) { try SingularValues(matrix) }
  }

  @Test func `singular values are those of NumPy, and give the matrix back`() throws {
    let lines = try Self.cells(of: "singular.tsv")
    #expect(lines.count == 6)
    for cells in lines {
      let (rows, columns) = (try #require(Int(cells[1])), try #require(Int(cells[2])))
      let wanted = try Self.numbers(cells[4])
      let matrix = DenseMatrix(
        rowCount: rows, columnCount: columns, values: try Self.numbers(cells[3]))
      let found = try SingularValues(matrix)
      #expect(found.values.count == wanted.count, "\(cells[0])")
      let largest = wanted.first ?? 0
      for (value, wanted) in zip(found.values, wanted) {
        #expect(abs(value - wanted) <= 1e-14 * largest, "\(cells[0]): \(value), not \(wanted)")
      }
      #expect(try Self.defect(of: found.left) < 1e-12, "\(cells[0])")
      #expect(try Self.defect(of: found.right) < 1e-12, "\(cells[0])")
      var scaled = found.right
      for row in 0..<scaled.rowCount {
        for column in 0..<columns { scaled[row, column] *= found.values[row] }
      }
      let back = try found.left.transposedTimes(scaled)
      for (value, wanted) in zip(back.values, matrix.values) {
        #expect(abs(value - wanted) <= 1e-13 * largest, "\(cells[0])")
      }
    }
  }

  @Test func `the polar factor is the rotation that SciPy finds`() throws {
    let cells = try #require(try Self.cells(of: "procrustes.tsv").first)
    let points = DenseMatrix(rowCount: 60, columnCount: 8, values: try Self.numbers(cells[0]))
    let turned = DenseMatrix(rowCount: 60, columnCount: 8, values: try Self.numbers(cells[1]))
    let rotation = try SingularValues(try points.transposedTimes(turned)).polarFactor()
    for (value, wanted) in zip(rotation.values, try Self.numbers(cells[2])) {
      #expect(abs(value - wanted) < 1e-12)
    }
  }
}
