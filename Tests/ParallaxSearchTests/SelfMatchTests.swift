import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

/// Equal vectors score exactly 1 by cosine, whoever searches, and nothing scores more.
@Suite struct SelfMatchTests {
  private static let dimensions = [1, 2, 3, 16, 33, 511]

  /// Unit vectors, and some of other lengths: tiny, huge, beyond what floats can square.
  private func matrix(_ dimension: Int) -> VectorMatrix {
    VectorMatrix(rowCount: 120, dimension: dimension) { values in
      for row in 0..<120 {
        let vector = Samples.vector(dimension, seed: UInt64(row * 1_000 + dimension))
        let unit = Vector.normalized(vector) ?? vector
        let length: Float =
          row % 4 != 3 ? 1 : [1e-30, 3e-7, 0.37, 5.5, 123_456, 1e28][row / 4 % 6]
        for place in 0..<dimension { values[row * dimension + place] = unit[place] * length }
      }
    }
  }

  private func expectOne(_ hits: [SearchHit], _ row: Int, _ matrix: VectorMatrix) {
    // Others may tie: with one dimension every second does.
    #expect(hits.allSatisfy { $0.score <= 1 && $0.score >= -1 })
    #expect(hits.first?.score == 1, "row \(row), \(matrix.dimension) dimensions")
    #expect(hits.first { $0.row == row }?.score == 1)
  }

  @Test(arguments: Kernel.available)
  func `by the exact search, alone and in company`(kernel: Kernel) throws {
    for dimension in Self.dimensions {
      let matrix = matrix(dimension)
      let index = ExactIndex(matrix: matrix, similarity: .cosine, kernel: kernel)
      let queries = (0..<120).map(matrix.row)
      for (row, hits) in try index.nearest(to: queries, count: 120).enumerated() {
        expectOne(hits, row, matrix)
        #expect(hits.count == 120)
        guard row % 5 == 3 else { continue }
        #expect(
          try index.nearest(to: queries[row], count: 120, allowed: nil, minimumScore: nil) == hits)
        let certain = try index.nearest(
          to: queries[row], count: 120, allowed: nil, minimumScore: 1)
        #expect(certain == hits.filter { $0.score == 1 } && !certain.isEmpty)
      }
    }
  }

  @Test func `by codes, by prefixes and by a graph`() throws {
    for dimension in [3, 33, 384] {
      let matrix = matrix(dimension)
      let exact = ExactIndex(matrix: matrix, similarity: .cosine)
      let codes = CodedRows(matrix)
      let graph = try GraphIndex.build(
        exact, keys: (0..<120).map(Int64.init), options: GraphOptions())
      let cut = (dimension + 1) / 2
      let prefixes = try PrefixIndex(matrix: matrix, dimensions: [cut, dimension])
      // Every length, and usual rows.
      for row in (0..<40).filter({ $0 % 4 > 1 }) {
        let query = matrix.row(row)
        let wanted = try exact.nearest(to: query, count: 5, allowed: nil, minimumScore: nil)
        expectOne(wanted, row, matrix)
        #expect(try exact.proven(to: query, count: 5, codes: ProvenCodes { codes }).hits == wanted)
        expectOne(
          try exact.quantized(to: query, count: 5, by: .int8(codes), oversample: 24), row, matrix)
        expectOne(try graph.nearest(to: query, count: 5).hits, row, matrix)
        let short = try prefixes.nearest(to: query, count: 120)
        expectOne(short[0], row, matrix)
        #expect(Array(short[1].prefix(5)) == wanted)
      }
    }
  }

  @Test func `by usual rows, proven on codes`() throws {
    let matrix = Samples.clustered(rows: 900, dimension: 64, clusters: 9, seed: 3)
    let exact = ExactIndex(matrix: matrix, similarity: .cosine)
    let codes = CodedRows(matrix)
    for row in stride(from: 0, to: 900, by: 31) {
      let proven = try exact.proven(to: matrix.row(row), count: 3, codes: ProvenCodes { codes })
      #expect(proven.hits[0] == SearchHit(row: row, score: 1))
    }
  }

  @Test func `a power of two more changes no score`() throws {
    let matrix = matrix(77)
    let index = ExactIndex(matrix: matrix, similarity: .cosine)
    let query = Samples.vector(77, seed: 2)
    let wanted = try index.nearest(to: query, count: 120, allowed: nil, minimumScore: nil)
    for power: Float in [0x1p-90, 0x1p-20, 0.5, 2, 0x1p15, 0x1p100] {
      #expect(
        try index.nearest(
          to: query.map { $0 * power }, count: 120, allowed: nil, minimumScore: nil) == wanted)
    }
  }

  @Test func `opposite vectors score -1, zero rows 0`() throws {
    let unit = Vector.normalized(Samples.vector(96, seed: 5)) ?? []
    let matrix = VectorMatrix(rowCount: 3, dimension: 96) { values in
      for place in 0..<96 {
        values[place] = -unit[place]
        values[96 + place] = 0
        values[192 + place] = unit[place] * 1e-35
      }
    }
    let hits = try ExactIndex(matrix: matrix, similarity: .cosine)
      .nearest(to: unit, count: 3, allowed: nil, minimumScore: nil)
    #expect(hits.map(\.row) == [2, 1, 0])
    #expect(hits.map(\.score)[1...] == [0, -1] && abs(hits[0].score - 1) < 1e-6)
  }

  @Test func `no distance is minus zero`() throws {
    let matrix = matrix(12)
    let hits = try ExactIndex(matrix: matrix, similarity: .euclidean)
      .nearest(to: matrix.row(0), count: 1, allowed: nil, minimumScore: nil)
    #expect(hits[0].row == 0 && hits[0].score.bitPattern == 0)
  }

  @Test(arguments: [Similarity.cosine, .dot, .euclidean])
  func `every kernel gives one answer, whatever the threads`(similarity: Similarity) throws {
    let matrix = Samples.matrix(rows: 20_000, dimension: 210, seed: 8)
    let queries = (0..<7).map { Samples.vector(210, seed: 70 + UInt64($0)) }
    let answers = try Kernel.available.flatMap { kernel in
      try [1, 3].map { threads in
        try ExactIndex(matrix: matrix, similarity: similarity, kernel: kernel, threads: threads)
          .nearest(to: queries, count: 40)
      }
    }
    #expect(Set(answers).count == 1)
  }
}
