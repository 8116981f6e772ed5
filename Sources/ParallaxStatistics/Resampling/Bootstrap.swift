/// Intervals from resampling the units, such as questions, with replacement.
///
/// Bias-corrected and accelerated (BCa): B. Efron, "Better bootstrap confidence intervals", Journal of
/// the American Statistical Association 82 (1987). With few units such intervals are too narrow: by a
/// factor √((n - 1) / n), and because they use the normal distribution where Student's is needed. By
/// default the percentiles are expanded to correct both (T. C. Hesterberg, "What teachers should know
/// about the bootstrap", The American Statistician 69, 2015).
///
/// A resample whose statistic is not defined is left out. A statistic that does not vary has an
/// interval of width 0.
package struct Bootstrap: Sendable, Hashable {
  package var resamples = 10_000
  package var seed: UInt64
  /// Above 0 and below 1.
  package var confidence = 0.95
  /// Whether percentiles are expanded for few units.
  package var isExpanded = true
  /// Whether percentiles are corrected for bias and acceleration. Both are estimates, which do more harm
  /// than good for the difference of two systems: that is about symmetric, and often depends on a few
  /// units.
  package var isCorrected = true

  package init(seed: UInt64) { self.seed = seed }

  /// The intervals of the means of several series, all from the same resamples.
  ///
  /// - Parameters:
  ///   - series: of equal length, one value a unit.
  ///   - clusters: drawn as wholes; a mean is over the units of the clusters drawn.
  /// - Returns: `nil` below two units or clusters.
  /// - Throws: `CancellationError`.
  package func intervals(
    ofMeans series: [[Double]], clusters: Clusters? = nil
  ) throws -> [Interval?] {
    guard let length = series.first?.count else { return [] }
    precondition(series.allSatisfy { $0.count == length }, "series of different units")
    let sizes = clusters?.sizes.map(Double.init)
    let sums = series.map { clusters?.sums(of: $0) ?? $0 }
    let count = clusters?.count ?? length
    guard count > 1 else { return series.map { _ in nil } }
    var means = series.map { _ in [Double](repeating: 0, count: resamples) }
    var indices = RandomIndices(below: count, seed: seed)
    var drawn = [Int](repeating: 0, count: count)
    for resample in 0..<resamples {
      if resample % 256 == 0 { try Task.checkCancellation() }
      for place in drawn.indices { drawn[place] = indices.next() }
      let size = sizes.map { Self.sum(of: $0, at: drawn) } ?? Double(count)
      for place in sums.indices {
        means[place][resample] = Self.sum(of: sums[place], at: drawn) / size
      }
    }
    return zip(sums, means).map { sums, means in
      let (total, size) = (sums.sum, Double(length))
      let without = sums.indices.map { (total - sums[$0]) / (size - (sizes?[$0] ?? 1)) }
      return distribution(around: total / size, without: without, resampled: means)?
        .interval(confidence: confidence)
    }
  }

  private static func sum(of values: [Double], at places: [Int]) -> Double {
    values.withUnsafeBufferPointer { values in
      places.withUnsafeBufferPointer { places in
        var sum = 0.0
        for place in places { sum += values[place] }
        return sum
      }
    }
  }

  /// The interval of any statistic of the units.
  ///
  /// - Parameters:
  ///   - units: how many there are; with clusters, how many clusters.
  ///   - statistic: of how often each unit counts; `nil` where it is not defined.
  /// - Returns: `nil` below two units, and when the statistic of all of them is not defined.
  /// - Throws: `CancellationError`.
  package func interval(units: Int, of statistic: ([Int]) -> Double?) throws -> Interval? {
    try distribution(units: units, of: statistic)?.interval(confidence: confidence)
  }

  /// What resampling says of any statistic of the units; parameters and errors as of
  /// ``interval(units:of:)``.
  package func distribution(
    units: Int, of statistic: ([Int]) -> Double?
  ) throws -> BootstrapDistribution? {
    let ones = [Int](repeating: 1, count: units)
    guard units > 1, let value = statistic(ones) else { return nil }
    var indices = RandomIndices(below: units, seed: seed)
    var resampled: [Double] = []
    resampled.reserveCapacity(resamples)
    for _ in 0..<resamples {
      try Task.checkCancellation()
      var counts = [Int](repeating: 0, count: units)
      for _ in 0..<units { counts[indices.next()] += 1 }
      if let value = statistic(counts) { resampled.append(value) }
    }
    guard isCorrected else {
      return BootstrapDistribution(
        value: value, resampled: resampled, units: units, isExpanded: isExpanded)
    }
    var counts = ones
    let without = try ones.indices.compactMap { unit in
      try Task.checkCancellation()
      counts[unit] = 0
      defer { counts[unit] = 1 }
      return statistic(counts)
    }
    return distribution(around: value, without: without, resampled: resampled)
  }

  /// - Parameters:
  ///   - value: the statistic of all units.
  ///   - without: the statistic without each of them, in turn.
  ///   - resampled: the statistic of each resample.
  private func distribution(
    around value: Double, without: [Double], resampled: [Double]
  ) -> BootstrapDistribution? {
    BootstrapDistribution(
      value: value, without: without, resampled: resampled, isExpanded: isExpanded)
  }
}
