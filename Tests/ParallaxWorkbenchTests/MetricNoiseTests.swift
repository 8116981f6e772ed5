import ParallaxCore
import ParallaxEvaluation
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

@Suite struct MetricNoiseTests {
  private func run(_ ranks: [String: Int]) throws -> Run {
    try SystemRun.ranked(
      "", ranks.mapValues { rank in (1...4).map { $0 == rank ? "good" : "bad\($0)" } }
    ).run
  }

  @Test func `a metric's noise is what its questions change by`() throws {
    let system = NoiseFloor.System(
      name: "s", questions: 3, meanDistance: 0.1, largestDistance: 0.2, overlap: 0.9,
      lists: try run(["q1": 1, "q2": 2, "q3": 1]), repeated: try run(["q1": 2, "q2": 1, "q3": 1]))
    let floor = NoiseFloor(
      share: 0.5, systems: [system], leftOut: 0, cost: RepeatedCost(inputs: 3, micros: 0))
    // q4 was not asked again, and q3 is not judged.
    let judgements = Judgements(["q1": ["good": 1], "q2": ["good": 1], "q4": ["good": 1]])
    let noise = try #require(
      floor.noise(of: try NamedMetric("mrr"), judgements, relevanceLevel: 1).first)
    // Two changes of a half, one down and one up.
    #expect(noise.questions == 2 && isNear(noise.deviation, 0.5))
    #expect(isNear(noise.reach(questions: 25), 0.2))
    #expect(isNear(MetricNoise.reach(noise, noise, questions: 25), 0.2 * 2.0.squareRoot()))
    #expect(
      floor.noise(of: try NamedMetric("micro-ap"), judgements, relevanceLevel: 1).isEmpty)
    #expect(!floor.isExact && floor.overlap == 0.9)
  }
}
