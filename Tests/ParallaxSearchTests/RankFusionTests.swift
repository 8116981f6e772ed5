import ParallaxCore
import Testing

@testable import ParallaxSearch

@Suite struct RankFusionTests {
  private func hits(_ rows: [Int]) -> [SearchHit] {
    rows.enumerated().map { SearchHit(row: $1, score: 1 / Float($0 + 1)) }
  }

  @Test func `ranks are added up as reciprocals`() {
    let fused = RankFusion.reciprocal(
      [(hits([4, 2, 9]), 1), (hits([2, 7]), 0.5), (hits([9]), -1)], count: 10)
    let scores = [
      4: 1.0 / 61, 2: 1.0 / 62 + 0.5 / 61, 7: 0.5 / 62, 9: 1.0 / 63 - 1.0 / 61,
    ]
    #expect(fused.map(\.row) == [2, 4, 7, 9])
    for hit in fused { #expect(abs(Double(hit.score) - (scores[hit.row] ?? 0)) < 1e-8) }
    #expect(RankFusion.reciprocal([(hits([3, 1]), 0)], count: 1).map(\.row) == [1])
  }

  @Test func `each candidate of a list gets the sum of its reciprocal ranks`() {
    let fused = RankFusion.scores(
      of: [8, 5, 3, 6], [(rows: [8, 5], weight: 1), (rows: [6, 8], weight: 0.5)], k: 10)
    #expect(fused == [1.0 / 11 + 0.5 / 12, 1.0 / 12, 0, 0.5 / 11])
  }

  @Test func `a row without a direction is like no other`() {
    let matrix = VectorMatrix(rowCount: 3, dimension: 2) { $0[0] = 1 }
    let hits = [SearchHit(row: 0, score: 0.9), SearchHit(row: 1, score: 0)]
    let taken = Diversity.marginal(hits, of: matrix, lambda: 0.5, count: 2)
    #expect(taken.map(\.row) == [0, 1])
  }

  @Test func `a copy of what is taken comes later`() {
    let matrix = VectorMatrix(rowCount: 4, dimension: 2) { values in
      for (place, value) in [1, 0, 1, 0, 0.8, 0.6, 0, 1].enumerated() {
        values[place] = Float(value)
      }
    }
    let candidates = [
      SearchHit(row: 0, score: 0.9), SearchHit(row: 1, score: 0.9),
      SearchHit(row: 2, score: 0.85), SearchHit(row: 3, score: 0.4),
    ]
    func taken(_ lambda: Double) -> [Int] {
      Diversity.marginal(candidates, of: matrix, lambda: lambda, count: 3).map(\.row)
    }
    #expect(taken(1) == [0, 1, 2])
    // 0 first; then 0.5 × 0.4 - 0 for row 3 against 0.5 × 0.85 - 0.5 × 0.8 for row 2.
    #expect(taken(0.5) == [0, 3, 2])
  }
}
