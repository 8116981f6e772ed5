import ParallaxTestSupport
import Testing

@testable import ParallaxStatistics

@Suite struct ClusteredShareTests {
  /// Made by `Fixtures/make_clustered_share.py`.
  private static let path =
    "\(TestData.packageRoot)/Tests/ParallaxStatisticsTests/Fixtures/clustered-share.tsv"

  @Test func `intervals are those that SciPy computes`() throws {
    let lines = try TestFiles.lines(of: Self.path).dropFirst(2)
    #expect(lines.count == 60)
    for line in lines {
      let cells = line.split(separator: "\t")
      let numbers = try cells.dropFirst().map { try #require(Double($0)) }
      let clusters = cells[0].split(separator: " ")
      let share = ClusteredShare(
        of: clusters.flatMap { $0.map { $0 == "1" } },
        in: Clusters(clusters.enumerated().flatMap { place, own in own.map { _ in place } }))
      #expect(abs(share.effectiveTrials - numbers[0]) <= 1e-9 * numbers[0], "\(line)")
      let interval = share.interval()
      #expect(abs(interval.low - numbers[1]) <= 1e-8, "\(line)")
      #expect(abs(interval.high - numbers[2]) <= 1e-8, "\(line)")
    }
  }

  @Test func `without an effect it is the interval of Clopper and Pearson`() {
    let share = ClusteredShare(successes: 3, trials: 40, effect: 0.5)
    #expect(
      share.lowerBound(confidence: 0.9)
        == ClopperPearson.lowerBound(successes: 3, trials: 40, confidence: 0.9))
    #expect(
      share.upperBound(confidence: 0.9)
        == ClopperPearson.upperBound(successes: 3, trials: 40, confidence: 0.9))
  }

  /// 1 - 0.05^(1/100) by hand: none of 200 that come in twos.
  @Test func `none of many has the bound of the rule of three`() {
    let bound = ClusteredShare(successes: 0, trials: 200, effect: 2).upperBound(confidence: 0.95)
    #expect(abs(bound - 0.029_513_049_607_04) < 1e-9)
    #expect(
      ClusteredShare(successes: 0, trials: 0, effect: 1).interval() == Interval(low: 0, high: 1))
  }
}
