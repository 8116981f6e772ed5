import ParallaxEvaluation
import ParallaxTestSupport
import Testing

@Suite struct ListTests {
  @Test func `random lists are as alike as other programs say`() throws {
    for row in try NumberTable("lists.tsv", of: "ParallaxEvaluationTests").rows {
      let left = try row.text("left").split(separator: " ")
      let right = try row.text("right").split(separator: " ")
      let overlap = try #require(RankBiasedOverlap(left, right, p: try row.number("p")))
      #expect(isNear(overlap.low, try row.number("low")), "\(row)")
      #expect(isNear(overlap.high, try row.number("high")), "\(row)")
      #expect(isNear(overlap.extrapolated, try row.number("extrapolated")), "\(row)")
      #expect(isNear(overlap.truncated, try row.number("truncated")), "\(row)")
      #expect(RankBiasedOverlap(right, left, p: try row.number("p")) == overlap)
      let correlation = ListCorrelation(left, reference: right)
      let tau = try row.number("tau")
      #expect(correlation == nil ? tau.isNaN : isNear(correlation?.tau, tau), "\(row)")
      if correlation != nil {
        #expect(isNear(correlation?.tauAP, try row.number("tau_ap")), "\(row)")
      }
    }
  }

  @Test func `the bounds close with the length of the lists`() throws {
    let same = try #require(RankBiasedOverlap(Array(0..<300), Array(0..<300)))
    #expect(
      isNear(same.low, 1) && isNear(same.high, 1, 1e-12) && isNear(same.extrapolated, 1, 1e-12))
    let other = try #require(RankBiasedOverlap(Array(0..<300), Array(300..<600)))
    #expect(other.low == 0 && other.extrapolated == 0 && other.residual < 1e-12)
    let one = try #require(RankBiasedOverlap(["a"], ["a"], p: 0.9))
    #expect(isNear(one.high, 1, 1e-12) && one.low < 0.3 && isNear(one.extrapolated, 1, 1e-12))
    #expect(RankBiasedOverlap([Int](), [1]) == nil && RankBiasedOverlap([1], []) == nil)
  }

  @Test func `overlap is over what there is`() throws {
    let short = try #require(ListOverlap([1, 2, 3], [3, 2], depth: 10))
    #expect(short.common == 2 && isNear(short.overlap, 2 / 3.0) && isNear(short.jaccard, 2 / 3.0))
    #expect(ListOverlap([1, 2, 3], [4, 5, 1], depth: 2)?.overlap == 0)
    #expect(ListOverlap([Int](), [], depth: 10) == nil)
    #expect(ListOverlap([], [1], depth: 10)?.overlap == 0)
  }

  @Test func `what happens at the top counts more for tau ap`() throws {
    let reference = Array(0..<10)
    let (top, bottom) = ([1, 0] + Array(2..<10), Array(0..<8) + [9, 8])
    let (high, low) = (
      try #require(ListCorrelation(top, reference: reference)),
      try #require(ListCorrelation(bottom, reference: reference))
    )
    #expect(high.tau == low.tau && high.tauAP < low.tauAP)
    #expect(ListCorrelation(reference, reference: reference)?.tauAP == 1)
    #expect(ListCorrelation(reference.reversed(), reference: reference)?.tauAP == -1)
    #expect(ListCorrelation([1, 2], reference: [2, 3]) == nil)
  }
}
