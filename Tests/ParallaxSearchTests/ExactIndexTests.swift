import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

@Suite struct ExactIndexTests {
  @Test(arguments: Kernel.available, Similarity.allCases)
  func `every kernel ranks as the reference does`(kernel: Kernel, similarity: Similarity) throws {
    for dimension in [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 67, 128] {
      let matrix = Samples.matrix(rows: 150, dimension: dimension, seed: UInt64(dimension))
      let query = Samples.vector(dimension, seed: 99)
      let index = ExactIndex(matrix: matrix, similarity: similarity, kernel: kernel)
      let hits = try index.nearest(to: query, count: 150, allowed: nil, minimumScore: nil)
      let scores = Dictionary(
        uniqueKeysWithValues: ReferenceScan.ranking(
          of: matrix, similarity: similarity, query: query
        ).map { ($0.row, $0.score) })
      #expect(hits.count == 150)
      for hit in hits {
        let expected = try #require(scores[hit.row])
        #expect(abs(Double(hit.score) - expected) <= 2e-5 * max(1, abs(expected)))
      }
      for (better, worse) in zip(hits, hits.dropFirst()) {
        #expect(
          better.score > worse.score || (better.score == worse.score && better.row < worse.row))
      }
    }
  }

  @Test func `the top k is a prefix of the top k + n`() throws {
    let index = ExactIndex(
      matrix: Samples.matrix(rows: 9_000, dimension: 12, seed: 5, levels: 3), similarity: .dot)
    let query = Samples.vector(12, seed: 6, levels: 3)
    let all = try index.nearest(to: query, count: 9_000, allowed: nil, minimumScore: nil)
    for count in [0, 1, 2, 10, 100, 4_095, 4_097, 8_999] {
      let hits = try index.nearest(to: query, count: count, allowed: nil, minimumScore: nil)
      #expect(hits == Array(all.prefix(count)))
    }
  }

  @Test func `equal scores keep the order of rows`() throws {
    let matrix = VectorMatrix(rowCount: 300, dimension: 5) { $0.update(repeating: 0.5) }
    let hits = try ExactIndex(matrix: matrix, similarity: .cosine)
      .nearest(to: [1, 1, 1, 1, 1], count: 20, allowed: nil, minimumScore: nil)
    #expect(hits.map(\.row) == Array(0..<20))
  }

  @Test func `the answer does not depend on the number of threads`() throws {
    let matrix = Samples.matrix(rows: 40_000, dimension: 128, seed: 1)
    let query = Samples.vector(128, seed: 2)
    let answers = try [1, 2, 5].map { threads in
      try ExactIndex(matrix: matrix, similarity: .euclidean, threads: threads)
        .nearest(to: query, count: 50, allowed: nil, minimumScore: nil)
    }
    #expect(answers[0] == answers[1] && answers[1] == answers[2])
  }

  @Test(arguments: [0.0, 0.003, 0.5, 1.0])
  func `a filter comes before the search`(share: Double) throws {
    var generator = SeededGenerator(seed: 17)
    let matrix = Samples.matrix(rows: 10_007, dimension: 9, seed: 3)
    let rows = (0..<10_007).filter { _ in Double.random(in: 0..<1, using: &generator) < share }
    let allowed = RowSet(capacity: 10_007, rows: rows)
    let query = Samples.vector(9, seed: 4)
    let index = ExactIndex(matrix: matrix, similarity: .cosine)
    let all = try index.nearest(to: query, count: 10_007, allowed: nil, minimumScore: nil)
    let hits = try index.nearest(to: query, count: 25, allowed: allowed, minimumScore: nil)
    #expect(hits == Array(all.filter { allowed.contains($0.row) }.prefix(25)))
    #expect(hits.count == min(25, rows.count))
  }

  @Test func `a minimum score leaves lower ones out`() throws {
    let index = ExactIndex(
      matrix: Samples.matrix(rows: 500, dimension: 4, seed: 8), similarity: .cosine)
    let query = Samples.vector(4, seed: 9)
    let all = try index.nearest(to: query, count: 500, allowed: nil, minimumScore: nil)
    let hits = try index.nearest(to: query, count: 500, allowed: nil, minimumScore: 0.5)
    #expect(hits == all.filter { $0.score >= 0.5 })
  }

  @Test func `impossible queries are refused`() throws {
    let index = ExactIndex(
      matrix: Samples.matrix(rows: 3, dimension: 2, seed: 1), similarity: .cosine)
    for query: [Float] in [[1], [1, 2, 3], [.nan, 1], [.infinity, 0], [0, 0]] {
      #expect(throws: ParallaxError.self) {
        try index.nearest(to: query, count: 1, allowed: nil, minimumScore: nil)
      }
    }
  }

  @Test func `an empty matrix has no neighbours`() throws {
    let matrix = VectorMatrix(rowCount: 0, dimension: 4) { _ in }
    let hits = try ExactIndex(matrix: matrix, similarity: .dot)
      .nearest(to: [1, 0, 0, 0], count: 5, allowed: nil, minimumScore: nil)
    #expect(hits.isEmpty)
  }

  @Test(arguments: Kernel.available, Similarity.allCases)
  func `a query's answer does not depend on its company`(
    kernel: Kernel, similarity: Similarity
  ) throws {
    for dimension in [1, 5, 16, 31, 100, 257] {
      let matrix = Samples.matrix(rows: 1_337, dimension: dimension, seed: UInt64(dimension))
      let index = ExactIndex(matrix: matrix, similarity: similarity, kernel: kernel)
      let queries = (0..<17).map { Samples.vector(dimension, seed: 100 + UInt64($0)) }
      for count in [1, 2, 3, 6, 7, 8, 17] {
        let together = try index.nearest(to: Array(queries.prefix(count)), count: 30)
        for (query, hits) in zip(queries, together) {
          #expect(
            try index.nearest(to: query, count: 30, allowed: nil, minimumScore: nil) == hits)
        }
      }
    }
  }

  @Test func `a filter and company together are the filter alone`() throws {
    let matrix = Samples.matrix(rows: 3_000, dimension: 40, seed: 21)
    let index = ExactIndex(matrix: matrix, similarity: .dot)
    let queries = (0..<9).map { Samples.vector(40, seed: 300 + UInt64($0)) }
    let allowed = RowSet(capacity: 3_000, rows: stride(from: 1, to: 3_000, by: 7))
    let together = try index.nearest(to: queries, count: 12, allowed: allowed)
    for (query, hits) in zip(queries, together) {
      let all = try index.nearest(to: query, count: 3_000, allowed: nil, minimumScore: nil)
      #expect(hits == Array(all.filter { allowed.contains($0.row) }.prefix(12)))
    }
  }

  @Test func `no number that is not one comes out`() throws {
    // Products overflow: such rows have no score and are left out.
    let matrix = VectorMatrix(rowCount: 4, dimension: 2) { values in
      for (place, value) in [1e30, 1e30, 1, 0, 0, 0, -1e30, 1].enumerated() {
        values[place] = Float(value)
      }
    }
    for similarity in Similarity.allCases {
      let hits = try ExactIndex(matrix: matrix, similarity: similarity)
        .nearest(to: [1e30, 1e30], count: 4, allowed: nil, minimumScore: nil)
      #expect(hits.allSatisfy { $0.score.isFinite })
    }
  }
}
