import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

/// The search with proof against the plain scan: the same hits, bit for bit.
@Suite struct ProvenSearchTests {
  static let matrices: [(name: String, matrix: VectorMatrix)] = [
    ("clustered", Samples.clustered(rows: 1_500, dimension: 96, seed: 1)),
    ("tight clusters", Samples.clustered(rows: 1_500, dimension: 64, spread: 0.02, seed: 2)),
    ("uniform", Samples.matrix(rows: 1_500, dimension: 48, seed: 3)),
    ("tied", Samples.matrix(rows: 2_000, dimension: 6, seed: 4, levels: 3)),
    (
      "of all sizes",
      VectorMatrix(rowCount: 1_200, dimension: 33) { values in
        for (place, value) in Samples.vector(1_200 * 33, seed: 5).enumerated() {
          // Rows from 1e-20 to 1e20, every tenth of zeros, one large value in each hundredth.
          let row = place / 33
          values[place] =
            row % 10 == 0 ? 0 : value * (row % 100 == 1 && place % 33 == 0 ? 50 : 1)
          if row % 7 == 0 { values[place] *= row % 14 == 0 ? 1e-20 : 1e18 }
        }
      }
    ),
  ]

  @Test(arguments: Kernel.available, [Similarity.cosine, .dot])
  func `hits are those of the plain scan`(kernel: Kernel, similarity: Similarity) throws {
    for (name, matrix) in Self.matrices {
      let index = ExactIndex(matrix: matrix, similarity: similarity, kernel: kernel)
      let codes = CodedRows(matrix, kernel: kernel)
      for seed in 50..<56 {
        let query =
          seed % 2 == 0
          ? Samples.vector(matrix.dimension, seed: UInt64(seed)) : matrix.row(seed * 17 + 1)
        for count in [1, 10, 100] {
          let plain = try index.nearest(
            to: query, count: count, allowed: nil, minimumScore: nil)
          let proven = try index.proven(to: query, count: count, codes: ProvenCodes { codes })
          #expect(proven.hits == plain, "\(name), top \(count)")
        }
      }
    }
  }

  @Test func `bounds are wide enough and not much wider`() throws {
    let matrix = Samples.clustered(rows: 6_000, dimension: 256, clusters: 100, seed: 7)
    let index = ExactIndex(matrix: matrix, similarity: .cosine)
    let codes = CodedRows(matrix)
    #expect(codes.byteCount < 6_000 * 256 * 4 * 3 / 10)
    let found = try index.proven(to: matrix.row(77), count: 10, codes: ProvenCodes { codes })
    #expect(!found.isPlainScan && found.rescored < 480 && found.hits[0].row == 77)
  }

  @Test func `a filter and a least score hold`() throws {
    let matrix = Samples.clustered(rows: 2_000, dimension: 64, seed: 8)
    let index = ExactIndex(matrix: matrix, similarity: .cosine)
    let codes = CodedRows(matrix)
    let query = matrix.row(5)
    for share in [3, 50, 1_999] {
      let allowed = RowSet(capacity: 2_000, rows: stride(from: 0, to: 2_000, by: share))
      for least: Float? in [nil, 0.5, 2] {
        let plain = try index.nearest(
          to: query, count: 20, allowed: allowed, minimumScore: least)
        let proven = try index.proven(
          to: query, count: 20, allowed: allowed, minimumScore: least, codes: ProvenCodes { codes })
        #expect(proven.hits == plain)
      }
    }
  }

  @Test func `where bounds say nothing it scans plainly and says so`() throws {
    // All rows alike: every one could be among the best.
    let matrix = VectorMatrix(rowCount: 2_000, dimension: 16) { $0.update(repeating: 0.25) }
    let index = ExactIndex(matrix: matrix, similarity: .cosine)
    let found = try index.proven(
      to: matrix.row(0), count: 5, codes: ProvenCodes { CodedRows(matrix) })
    #expect(found.isPlainScan && found.hits.map(\.row) == [0, 1, 2, 3, 4])
  }
}
