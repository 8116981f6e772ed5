import ParallaxTestSupport
import Testing

@testable import ParallaxStatistics

@Suite struct LinearMapTests {
  /// Made by `Fixtures/make_linear.py` from the normal equations, with NumPy and SciPy.
  private static let path =
    "\(TestData.packageRoot)/Tests/ParallaxStatisticsTests/Fixtures/maps.tsv"

  private static func matrix(_ text: Substring, columns: Int) throws -> DenseMatrix {
    let values = try text.split(separator: " ").map { try #require(Double($0)) }
    return DenseMatrix(
      rowCount: values.count / columns, columnCount: columns, values: values)
  }

  @Test func `maps are those of the normal equations, and SciPy's rotation`() throws {
    let lines = try TestFiles.lines(of: Self.path).dropFirst(2)
    #expect(lines.count == 10)
    for line in lines {
      let cells = line.split(separator: "\t")
      let (inputs, outputs) = (try #require(Int(cells[2])), try #require(Int(cells[3])))
      let fit = try LinearMapFit(
        try Self.matrix(cells[4], columns: inputs), to: try Self.matrix(cells[5], columns: outputs))
      let method = cells[0].split(separator: " ")
      let map: LinearMap
      if method[0] == "orthogonal" {
        map = try fit.orthogonal()
      } else {
        let rank = try #require(Int(method[2]))
        map = try fit.ridge(
          strength: try #require(Double(method[1])), rank: rank == 0 ? nil : rank)
        #expect(rank == 0 || map.rank == rank)
      }
      let wanted = try Self.matrix(cells[7], columns: outputs)
      for map in [map, try map.compacted()] {
        let mapped = try map.applied(to: try Self.matrix(cells[6], columns: inputs))
        #expect(mapped.values.count == wanted.values.count)
        for (value, wanted) in zip(mapped.values, wanted.values) {
          #expect(abs(value - wanted) < 1e-10, "\(cells[0]) of \(cells[1]) × \(inputs)")
        }
      }
    }
  }

  @Test func `a rotation of the points is found exactly`() throws {
    // By a right angle in the plane, and a step.
    let points = DenseMatrix(
      rowCount: 4, columnCount: 2, values: [0, 0, 1, 0, 0, 2, 3, 1])
    let targets = DenseMatrix(
      rowCount: 4, columnCount: 2, values: [5, 5, 5, 6, 3, 5, 4, 8])
    let map = try LinearMapFit(points, to: targets).orthogonal()
    let mapped = try map.applied(to: DenseMatrix(rowCount: 1, columnCount: 2, values: [2, 7]))
    #expect(zip(mapped.values, [-2.0, 7]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func `a map of low rank takes two thin matrices`() throws {
    let points = DenseMatrix(
      rowCount: 40, columnCount: 8, values: (0..<320).map { Double(($0 * $0 * 7 + $0) % 23) })
    let targets = DenseMatrix(
      rowCount: 40, columnCount: 8, values: (0..<320).map { Double(($0 * $0 * 5 + 3 * $0) % 19) })
    let fit = try LinearMapFit(points, to: targets)
    let thin = try fit.ridge(strength: 0.1, rank: 2).compacted()
    #expect(thin.factors.map(\.columnCount) == [2, 8] && thin.rank == 2)
    let whole = try fit.ridge(strength: 0.1).compacted()
    #expect(whole.factors.map(\.columnCount) == [8] && whole.rank == 8)
  }
}
