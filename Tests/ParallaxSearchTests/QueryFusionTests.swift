import ParallaxCore
import Testing

@testable import ParallaxSearch

@Suite struct QueryFusionTests {
  @Test func `terms count by direction and weight`() throws {
    let fused = try QueryFusion.weightedSum([([10, 0], 0.6), ([0, 0.1], 0.8)])
    #expect(abs(fused[0] - 0.6) < 1e-6 && abs(fused[1] - 0.8) < 1e-6)
  }

  @Test func `terms that cancel out are refused`() {
    #expect(throws: ParallaxError.self) {
      try QueryFusion.weightedSum([([1, 2], 1), ([2, 4], -1)])
    }
    #expect(throws: ParallaxError.self) { try QueryFusion.weightedSum([]) }
  }
}
