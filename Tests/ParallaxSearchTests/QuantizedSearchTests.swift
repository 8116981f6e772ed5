import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

@Suite struct QuantizedSearchTests {
  private static let matrix = Samples.clustered(rows: 3_000, dimension: 130, clusters: 30, seed: 1)
  private static let index = ExactIndex(matrix: matrix, similarity: .cosine)

  @Test(arguments: [(1.0, 0.9), (4.0, 0.999)])
  func `int8 codes find nearly all`(oversample: Double, least: Double) throws {
    let codes = Quantization.int8(CodedRows(Self.matrix))
    #expect(try recall(codes, oversample: oversample) >= least)
  }

  @Test(arguments: [(4.0, 0.4), (40.0, 0.9)])
  func `bits find many, and more with more candidates`(oversample: Double, least: Double) throws {
    let bits = Quantization.binary(BitRows(Self.matrix))
    #expect(try recall(bits, oversample: oversample) >= least)
  }

  @Test func `with every row as a candidate it is the exact search`() throws {
    let query = Samples.vector(130, seed: 2)
    let exact = try Self.index.nearest(to: query, count: 15, allowed: nil, minimumScore: 0.01)
    for codes in [
      Quantization.int8(CodedRows(Self.matrix)), .binary(BitRows(Self.matrix)),
    ] {
      let hits = try Self.index.quantized(
        to: query, count: 15, minimumScore: 0.01, by: codes, oversample: 1e6)
      #expect(hits == exact)
    }
  }

  @Test func `a filter comes first`() throws {
    let allowed = RowSet(capacity: 3_000, rows: [4, 1_500, 2_999])
    for codes in [
      Quantization.int8(CodedRows(Self.matrix)), .binary(BitRows(Self.matrix)),
    ] {
      let hits = try Self.index.quantized(
        to: Self.matrix.row(9), count: 5, allowed: allowed, by: codes, oversample: 1)
      #expect(hits.map(\.row).sorted() == [4, 1_500, 2_999])
    }
  }

  @Test(arguments: Kernel.available)
  func `bits are counted as the reference counts them`(kernel: Kernel) {
    for dimension in [1, 63, 64, 65, 130, 511, 513] {
      let matrix = Samples.matrix(rows: 40, dimension: dimension, seed: UInt64(dimension))
      let query = Samples.vector(dimension, seed: 3)
      var words = [UInt64](repeating: 0, count: BitRows.words(dimension))
      Kernel.encodeBits(query, 0..<1, dimension: dimension, to: &words)
      var scores = [Float](repeating: 0, count: 40)
      BitRows(matrix).withBits {
        kernel.scan(
          bits: $0, query: words, dimension: dimension, 0..<40, allowed: nil, scores: &scores)
      }
      for row in 0..<40 {
        let different = zip(matrix.row(row), query).filter { ($0.0 > 0) != ($0.1 > 0) }.count
        #expect(scores[row] == 1 - 2 * Float(different) / Float(dimension))
      }
    }
  }

  private func recall(_ codes: Quantization, oversample: Double) throws -> Double {
    var found = 0
    for row in stride(from: 3, to: 3_000, by: 150) {
      let query = Self.matrix.row(row)
      let exact = try Self.index.nearest(to: query, count: 10, allowed: nil, minimumScore: nil)
      let hits = try Self.index.quantized(
        to: query, count: 10, by: codes, oversample: oversample)
      found += Set(exact.map(\.row)).intersection(hits.map(\.row)).count
    }
    return Double(found) / 200
  }
}
