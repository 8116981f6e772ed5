import ParallaxStatistics
import ParallaxTestSupport
import Testing

@Suite struct MedianIntervalTests {
  /// Made by `Fixtures/make_median_interval.py`.
  private static let path =
    "\(TestData.packageRoot)/Tests/ParallaxStatisticsTests/Fixtures/median-interval.tsv"

  @Test func `its ends stand where SciPy's binomial distribution says`() throws {
    let lines = try TestFiles.lines(of: Self.path).dropFirst(2)
    #expect(lines.count == 68)
    for line in lines {
      let cells = line.split(separator: "\t")
      let count = try #require(Int(cells[0]))
      let confidence = try #require(Double(cells[1]))
      let place = try #require(Int(cells[2]))
      let interval = MedianInterval.interval(
        ofSorted: (0..<count).map { Double($0 + 1) }, confidence: confidence)
      let wanted =
        place == 0 ? nil : Interval(low: Double(place), high: Double(count + 1 - place))
      #expect(interval == wanted, "\(line)")
    }
  }
}
