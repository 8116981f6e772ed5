private import ParallaxStatistics

/// How alike two ranked lists are, the top counting most (RBO).
///
/// The agreement at each depth, the share of items that both lists have down to there, weighted by
/// p^(depth - 1). Lists go on beyond what is seen, so there is a least and a greatest value; the
/// extrapolated one takes the agreement to go on as it was last. With p = 0.9 the first ten ranks have 86 %
/// of the weight.
///
/// W. Webber, A. Moffat and J. Zobel, "A similarity measure for indefinite rankings", ACM TOIS 28 (2010).
package struct RankBiasedOverlap: Sendable, Hashable {
  /// The value if nothing beyond what is seen agrees.
  package let low: Double
  /// The value if all beyond what is seen agrees as far as it can.
  package let high: Double
  package let extrapolated: Double
  /// The sum over the depths that both lists reach, and nothing beyond.
  package let truncated: Double
  /// The same over its greatest possible value.
  package let normalizedTruncated: Double

  /// What is not known: the difference of the two bounds.
  package var residual: Double { high - low }

  /// - Parameters:
  ///   - left: best first, no item twice.
  ///   - right: as `left`; it may have another length.
  ///   - p: above 0 and below 1; the larger, the deeper it looks.
  /// - Returns: `nil` when a list is empty.
  package init?<Item: Hashable>(_ left: [Item], _ right: [Item], p: Double = 0.9) {
    guard !left.isEmpty, !right.isEmpty else { return nil }
    let (short, long) = left.count <= right.count ? (left, right) : (right, left)
    let (s, l) = (Double(short.count), Double(long.count))
    let common = Self.commonCounts(short, long)
    let (atShort, atLong) = (Double(common[short.count - 1]), Double(common[long.count - 1]))

    // Each sum has the term p^d ÷ d at depth d, and the factor (1 - p) ÷ p in the end.
    var (weight, sumOfWeights) = (1.0, 0.0)
    var (seen, most, extrapolated, truncated) = (0.0, 0.0, 0.0, 0.0)
    for (index, count) in common.enumerated() {
      let depth = Double(index + 1)
      weight *= p
      sumOfWeights += weight / depth
      let overlap = Double(count)
      let missing = max(0, depth - s)
      seen += overlap * weight / depth
      most += min(depth, overlap + missing) * weight / depth
      // Below the end of the short list, its agreement goes on.
      extrapolated += (overlap + atShort * missing / s) * weight / depth
      if missing == 0 { truncated = seen }
    }
    // Until all items of both lists may have met; from there on all agrees.
    let deepest = weight
    var depth = l
    var rest = 0.0
    while atLong + (depth - s) + (depth - l) < depth {
      depth += 1
      weight *= p
      rest += min(depth, atLong + (depth - s) + (depth - l)) * weight / depth
    }
    let factor = (1 - p) / p
    low = factor * (seen - atLong * (PortableMath.log(1 - p) + sumOfWeights))
    high = factor * (most + rest) + weight
    self.extrapolated = factor * extrapolated + deepest * ((atLong - atShort) / l + atShort / s)
    self.truncated = factor * truncated
    var remaining = 1.0
    for _ in short { remaining *= p }
    normalizedTruncated = self.truncated / (1 - remaining)
  }

  /// How many items both lists have down to each depth of the longer one.
  private static func commonCounts<Item: Hashable>(_ short: [Item], _ long: [Item]) -> [Int] {
    var (seen, common) = (Set<Item>(), 0)
    return long.indices.map { index in
      if !seen.insert(long[index]).inserted { common += 1 }
      if index < short.count, !seen.insert(short[index]).inserted { common += 1 }
      return common
    }
  }
}
