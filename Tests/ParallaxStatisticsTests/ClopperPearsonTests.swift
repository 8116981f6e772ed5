import ParallaxStatistics
import ParallaxTestSupport
import Testing

@Suite struct ClopperPearsonTests {
  /// Made by `Fixtures/make_clopper_pearson.py`.
  private static let path =
    "\(TestData.packageRoot)/Tests/ParallaxStatisticsTests/Fixtures/clopper-pearson.tsv"

  @Test func `the lower bound is the one that SciPy computes`() throws {
    let lines = try TestFiles.lines(of: Self.path).dropFirst(2)
    #expect(lines.count == 85)
    for line in lines {
      let cells = line.split(separator: "\t")
      let successes = try #require(Int(cells[0]))
      let trials = try #require(Int(cells[1]))
      let confidence = try #require(Double(cells[2]))
      let wanted = try #require(Double(cells[3]))
      let bound = ClopperPearson.lowerBound(
        successes: successes, trials: trials, confidence: confidence)
      #expect(abs(bound - wanted) <= 1e-8 * wanted, "\(line)")
    }
  }

  @Test func `the bound grows with the successes and falls with the confidence`() {
    let bounds = (0...20).map {
      ClopperPearson.lowerBound(successes: $0, trials: 20, confidence: 0.95)
    }
    #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 })
    let byConfidence = [0.6, 0.8, 0.9, 0.99].map {
      ClopperPearson.lowerBound(successes: 15, trials: 20, confidence: $0)
    }
    #expect(zip(byConfidence, byConfidence.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test(arguments: [(-1, 10, 0), (11, 10, 10), (3, -1, 0)])
  func `impossible counts are taken as the nearest possible ones`(
    successes: Int, trials: Int, nearest: Int
  ) {
    let bound = ClopperPearson.lowerBound(
      successes: successes, trials: trials, confidence: 0.95)
    #expect(
      bound
        == ClopperPearson.lowerBound(successes: nearest, trials: max(trials, 0), confidence: 0.95))
  }
}
