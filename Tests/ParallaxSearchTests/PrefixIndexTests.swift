import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

@Suite struct PrefixIndexTests {
  @Test(arguments: Kernel.available)
  func `one pass gives what a pass a dimension gives`(kernel: Kernel) throws {
    let matrix = Samples.clustered(rows: 2_500, dimension: 100, seed: 3)
    let query = Samples.vector(100, seed: 4)
    let cuts = [1, 7, 16, 33, 64, 99, 100]
    let together = try PrefixIndex(matrix: matrix, dimensions: cuts, kernel: kernel)
      .nearest(to: query, count: 40)
    for (cut, hits) in zip(cuts, together) {
      let alone = try PrefixIndex(matrix: matrix, dimensions: [cut], kernel: kernel)
        .nearest(to: query, count: 40)
      #expect(alone[0] == hits)
      // An index over the cut rows, cut by hand.
      let short = VectorMatrix(rowCount: 2_500, dimension: cut) { values in
        for row in 0..<2_500 {
          for (place, value) in matrix.row(row).prefix(cut).enumerated() {
            values[row * cut + place] = value
          }
        }
      }
      let reference = ReferenceScan.ranking(
        of: short, similarity: .cosine, query: Array(query.prefix(cut)))
      let scores = Dictionary(uniqueKeysWithValues: reference.map { ($0.row, $0.score) })
      for (hit, wanted) in zip(hits, reference) {
        #expect(abs(Double(hit.score) - wanted.score) < 1e-5)
        #expect(abs(Double(hit.score) - (scores[hit.row] ?? 2)) < 1e-5)
      }
    }
  }

  @Test(arguments: Kernel.available, [nil, 1, 3])
  func `many queries are answered as each alone`(kernel: Kernel, threads: Int?) throws {
    let matrix = Samples.clustered(rows: 3_001, dimension: 70, seed: 3)
    let index = try PrefixIndex(
      matrix: matrix, dimensions: [3, 16, 50, 70], kernel: kernel, threads: threads)
    let queries = (0..<70).map { Samples.vector(70, seed: UInt64($0)) }
    for allowed in [nil, RowSet(capacity: 3_001, rows: stride(from: 1, to: 3_001, by: 3))] {
      let together = try index.nearest(to: queries, count: 20, allowed: allowed)
      for (query, lists) in zip(queries, together) {
        #expect(try lists == index.nearest(to: query, count: 20, allowed: allowed))
      }
    }
    let stop = ScanStop()
    stop.stop()
    #expect(throws: CancellationError.self) {
      try index.nearest(to: queries, count: 1, until: stop)
    }
    #expect(throws: ParallaxError.self) { try index.check([0, 0, 0] + queries[0].dropFirst(3)) }
    try index.check(queries[0])
  }

  @Test func `a filter counts at every dimension`() throws {
    let matrix = Samples.clustered(rows: 900, dimension: 32, seed: 5)
    let allowed = RowSet(capacity: 900, rows: [3, 77, 500, 899])
    for hits in try PrefixIndex(matrix: matrix, dimensions: [8, 32])
      .nearest(to: Samples.vector(32, seed: 6), count: 10, allowed: allowed)
    {
      #expect(hits.map(\.row).sorted() == [3, 77, 500, 899])
    }
  }

  @Test(arguments: [[], [0], [33], [8, 8], [16, 8]])
  func `dimensions that make no sense are refused`(dimensions: [Int]) {
    let matrix = Samples.matrix(rows: 4, dimension: 32, seed: 1)
    #expect(throws: ParallaxError.self) {
      try PrefixIndex(matrix: matrix, dimensions: dimensions)
    }
  }

  @Test func `a query whose beginning is zero has no direction there`() throws {
    let matrix = Samples.matrix(rows: 4, dimension: 4, seed: 1)
    let index = try PrefixIndex(matrix: matrix, dimensions: [2, 4])
    #expect(throws: ParallaxError.self) { try index.nearest(to: [0, 0, 1, 1], count: 1) }
  }
}
