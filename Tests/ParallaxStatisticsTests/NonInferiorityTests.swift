@testable import ParallaxStatistics
import ParallaxTestSupport
import Testing

@Suite struct NonInferiorityTests {
  private func differences(_ values: [Double]) -> PairedDifferences {
    PairedDifferences(baseline: values.map { _ in 0 }, candidate: values)
  }

  @Test func `it agrees with the lower end of the interval`() throws {
    let pairs = differences((0..<30).map { Double(($0 * 17) % 29) / 290 - 0.05 })
    let low = try #require(PairedTTest(pairs)).interval().low
    #expect(low < 0)
    #expect(try #require(NonInferiority(pairs, margin: -low + 1e-6)).isShown)
    #expect(try !#require(NonInferiority(pairs, margin: -low - 1e-6)).isShown)
  }

  @Test func `answers that never differ show it from six units on`() throws {
    for count in 2...9 {
      let margin = try #require(
        NonInferiority(differences([Double](repeating: 0, count: count)), margin: 0.01))
      #expect(isNear(margin.p, 1 / Double(1 << count), 1e-12))
      #expect(margin.isShown == (count >= 6))
    }
    let worse = NonInferiority(differences([Double](repeating: -0.02, count: 9)), margin: 0.01)
    #expect(worse?.p == 1)
    #expect(NonInferiority(differences([0.5]), margin: 0.1) == nil)
  }

  @Test func `the verdict follows from the evidence`() throws {
    let same = differences([Double](repeating: 0, count: 40))
    let shown = try #require(NonInferiority(same, margin: 0.01))
    let (near, far) = (Interval(low: -0.005, high: 0.01), Interval(low: -0.02, high: 0.03))
    func verdict(
      _ difference: Double, _ interval: Interval?, _ p: Double?, _ margin: NonInferiority?
    ) -> ComparisonVerdict {
      ComparisonVerdict(difference: difference, interval: interval, p: p, nonInferiority: margin)
    }
    #expect(verdict(0.1, far, 0.01, nil) == .better)
    #expect(verdict(-0.1, far, 0.05, nil) == .worse)
    // A loss that is sure stays one, even a small one.
    #expect(verdict(-0.004, near, 0.01, shown) == .worse)
    #expect(verdict(0, near, 0.3, shown) == .notWorseThanMargin)
    #expect(verdict(0, near, nil, shown) == .notWorseThanMargin)
    #expect(verdict(0, far, 0.3, shown) == .notDistinguishable)
    #expect(verdict(0, nil, nil, shown) == .tooFewQuestions)
    #expect(verdict(0.1, far, nil, nil) == .tooFewQuestions)
    #expect(verdict(0.1, far, 0.06, nil) == .notDistinguishable)
  }
}
