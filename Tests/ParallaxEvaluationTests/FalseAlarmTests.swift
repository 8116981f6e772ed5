import ParallaxCore
import ParallaxStatistics
import Testing

@testable import ParallaxEvaluation

@Suite struct FalseAlarmTests {
  /// Points of a square, of which some lie near together; a score is 1 less the distance.
  private struct Points {
    private var random: SeededGenerator
    private(set) var points: [(x: Double, y: Double)] = []

    init(_ count: Int, seed: UInt64) {
      random = SeededGenerator(seed: seed)
      for _ in 0..<count { points.append(drawn()) }
    }

    /// The same kind as those that are there.
    mutating func drawn() -> (x: Double, y: Double) {
      let centre = Double(Int.random(in: 0..<4, using: &random)) / 4
      func place() -> Double {
        let one = Double.random(in: 0...1, using: &random)
        return centre + one * one * (1 - centre)
      }
      return (place(), place())
    }

    func nearest(to point: (x: Double, y: Double), without own: Int?) -> (other: Int, score: Double)
    {
      var best = (other: -1, score: -2.0)
      for (place, other) in points.enumerated() where place != own {
        let (x, y) = (point.x - other.x, point.y - other.y)
        let score = 1 - (x * x + y * y).squareRoot()
        if score > best.score { best = (place, score) }
      }
      return best
    }

    var alarms: FalseAlarms {
      FalseAlarms(
        points.enumerated().map { place, point in
          let found = nearest(to: point, without: place)
          return .init(item: place, other: found.other, score: found.score)
        }, of: points.count)
    }
  }

  @Test func `a threshold is the lowest that keeps its promise, from above`() {
    for seed in 1...8 {
      let alarms = Points(150, seed: UInt64(seed)).alarms
      for target in [0.05, 0.1, 0.3] {
        guard let found = alarms.threshold(for: target) else { continue }
        func bound(_ threshold: Double) -> Double {
          alarms.share(at: threshold).upperBound(confidence: FalseAlarms.confidence)
        }
        #expect(bound(found) <= target, "seed \(seed)")
        #expect((found * 10_000).rounded() / 10_000 == found)
        let below = alarms.nearest.first { $0.score < found }
        // With the next item the promise is not kept.
        if let below { #expect(bound(below.score) > target, "seed \(seed), \(target)") }
      }
    }
  }

  /// What is promised of a share of new items holds of items that nobody has seen, in most runs.
  @Test func `the promise is kept by items that come later`() throws {
    var broken = 0
    let runs = 16
    for seed in 1...runs {
      var points = Points(200, seed: UInt64(seed) &* 7_919)
      let threshold = try #require(points.alarms.threshold(for: 0.08))
      let fresh = (0..<400).map { _ in points.drawn() }
      let wrong = fresh.count { points.nearest(to: $0, without: nil).score >= threshold }
      if Double(wrong) / 400 > 0.08 { broken += 1 }
    }
    // With 95 % confidence 0.8 of 16 are expected at most; more than 3 have a probability below 1 %.
    #expect(broken <= 3, "\(broken) of \(runs)")
  }

  @Test func `pairs count as one, and as many as are tried are needed`() {
    let none = FalseAlarms((0..<300).map { .init(item: $0, other: $0 ^ 1, score: 0.5) }, of: 300)
    // Nothing reaches 0.6, and each item comes with the other of its pair: 1 - 0.05^(1/150).
    #expect(abs(none.share(at: 0.6).upperBound(confidence: 0.95) - 0.019_773) < 1e-5)
    #expect(abs(none.leastTarget - 0.019_773) < 1e-5)
    #expect(none.needed(for: 0.001) == 5_989)
    let few = FalseAlarms((0..<300).map { .init(item: $0, other: $0 ^ 1, score: 0.5) }, of: 30_000)
    #expect(few.needed(for: 0.001) < 3_030 && few.needed(for: 0.001) > 2_990)
    #expect(none.threshold(for: 0.02) == 0.5001)
    #expect(none.threshold(for: 0.01) == nil)
    #expect(none.share(at: 0.5).value == 1 && none.share(at: 0.5001).value == 0)
  }

  @Test func `items that hang together count as one`() {
    // Five of a kind among a hundred.
    let alarms = FalseAlarms(
      (0..<100).map {
        .init(item: $0, other: $0 == 0 ? 1 : $0 < 5 ? 0 : 99, score: $0 < 5 ? 0.9 : 0.1)
      },
      of: 100)
    let share = alarms.share(at: 0.9)
    #expect(share.successes == 5 && share.effectiveTrials == 20)
    #expect(alarms.share(at: 0.1).effectiveTrials < 2)
  }

  @Test func `a cosine of 1 may be too many`() {
    let alarms = FalseAlarms(
      (0..<100).map { .init(item: $0, other: $0 ^ 1, score: $0 < 40 ? 1 : 0.2) }, of: 100)
    #expect(alarms.leastTarget < 0.1)
    #expect(alarms.threshold(for: 0.1) == nil)
    #expect(alarms.threshold(for: 0.9).map { $0 <= 1 } == true)
  }
}
