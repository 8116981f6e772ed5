import ParallaxStatistics
import ParallaxTestSupport
import Testing

@Suite struct SampleTests {
  @Test func `a sample has every place once, and none beyond`() {
    for (count, total) in [(0, 10), (1, 10), (4, 10), (6, 10), (9, 10), (10, 10), (12, 10), (3, 0)]
    {
      let places = RandomSample.places(count, of: total, seed: 7)
      #expect(places.count == min(count, total))
      #expect(Set(places).count == places.count && places == places.sorted())
      #expect(places.allSatisfy { (0..<total).contains($0) })
    }
    #expect(
      RandomSample.places(5, of: 1_000, seed: 1) == RandomSample.places(5, of: 1_000, seed: 1))
    #expect(
      RandomSample.places(5, of: 1_000, seed: 1) != RandomSample.places(5, of: 1_000, seed: 2))
  }

  @Test func `every place is drawn as often as any other`() {
    var counts = [Int](repeating: 0, count: 8)
    for seed in 0..<4_000 {
      for place in RandomSample.places(3, of: 8, seed: UInt64(seed)) { counts[place] += 1 }
    }
    // 1,500 expected, with a standard deviation of 31.
    #expect(counts.allSatisfy { abs($0 - 1_500) < 150 }, "\(counts)")
  }

  @Test func `skewness and quantiles are those of SciPy and NumPy`() {
    // scipy.stats.skew([1, 2, 2, 3, 9, 30]), numpy.quantile of the same.
    let numbers: [Double] = [1, 2, 2, 3, 9, 30]
    #expect(isNear(Moments.skewness(numbers), 1.555942279175808, 1e-12))
    #expect(Moments.skewness([2, 2, 2]) == nil && Moments.skewness([]) == nil)
    #expect(isNear(Quantiles.value(at: 0.25, ofSorted: numbers), 2, 1e-12))
    #expect(isNear(Quantiles.value(at: 0.9, ofSorted: numbers), 19.5, 1e-12))
    #expect(Quantiles.value(at: 0, ofSorted: numbers) == 1)
    #expect(Quantiles.value(at: 1, ofSorted: numbers) == 30)
  }
}
