internal import ParallaxCore
package import ParallaxStatistics

/// How often something new would be taken for a duplicate though it is none: how near the nearest other one is
/// to each of some items, duplicates left out.
///
/// Leaving one out says what a new item of the same kind meets in a collection of one item less. Items are not
/// independent: where one reaches a threshold, so does the other that it reaches it with. Those that hang together
/// count as one, and where there are none, two are taken for one as often as both are among those tried.
package struct FalseAlarms: Sendable {
  /// An item with its nearest other one.
  package struct Nearest: Sendable, Hashable {
    package var item: Int
    package var other: Int
    /// As it is shown; below -1 where no other one counts.
    package var score: Double

    package init(item: Int, other: Int, score: Double) {
      self.item = item
      self.other = other
      self.score = score
    }
  }

  /// One-sided.
  package static let confidence = 0.95
  /// Thresholds are whole multiples of its inverse.
  private static let steps = 10_000.0

  /// By score, the highest first; then by item.
  package let nearest: [Nearest]
  /// Trials taken for one where none reaches a threshold.
  private let leastEffect: Double

  /// - Parameters:
  ///   - nearest: no item twice.
  ///   - total: how many items there are, with those that were not tried.
  package init(_ nearest: [Nearest], of total: Int) {
    self.nearest = nearest.sorted { ($1.score, $0.item) < ($0.score, $1.item) }
    leastEffect = 1 + Double(max(0, nearest.count - 1)) / Double(max(1, total - 1))
  }

  /// The share of items that reach a threshold.
  package func share(at threshold: Double) -> ClusteredShare {
    let count = nearest.partitionPoint { $0.score < threshold }
    var groups = Groups()
    for found in nearest.prefix(count) { groups.add(found) }
    return share(count, groups)
  }

  private func share(_ count: Int, _ groups: Groups) -> ClusteredShare {
    ClusteredShare(
      successes: count, trials: nearest.count, effect: max(leastEffect, groups.effect))
  }

  /// The lowest threshold of which it holds, with 95 % confidence, that at most some share of new items
  /// reaches it. From the highest downwards, it is the last before the bound is first exceeded.
  ///
  /// - Parameter target: above 0.
  /// - Returns: from -1 to 1; `nil` where not even 1 will do.
  package func threshold(for target: Double) -> Double? {
    var groups = Groups()
    var count = nearest.partitionPoint { $0.score < 1 }
    for found in nearest.prefix(count) { groups.add(found) }
    var threshold: Double?
    while share(count, groups).upperBound(confidence: Self.confidence) <= target {
      guard count < nearest.count else { return threshold ?? 1 }
      threshold = max(-1, min(1, Self.step(above: nearest[count].score)))
      groups.add(nearest[count])
      count += 1
    }
    return threshold
  }

  /// The lowest multiple above a score.
  private static func step(above score: Double) -> Double {
    var whole = (score * steps).rounded(.down) + 1
    while whole / steps <= score { whole += 1 }
    return whole / steps
  }

  /// The least share that can be promised of so many: when none of them reaches a threshold.
  package var leastTarget: Double {
    share(0, Groups()).upperBound(confidence: Self.confidence)
  }

  /// How many items must be tried for a promise, as many of them being tried as now.
  ///
  /// - Parameter target: above 0 and below 1.
  package func needed(for target: Double) -> Int {
    var (low, high) = (nearest.count, nearest.count)
    func suffices(_ count: Int) -> Bool {
      ClusteredShare(successes: 0, trials: count, effect: leastEffect)
        .upperBound(confidence: Self.confidence) <= target
    }
    while !suffices(high), high < 1 << 40 { (low, high) = (high, max(1, high) * 2) }
    while high - low > 1 {
      let middle = (low + high) / 2
      if suffices(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// Items that reach a threshold, joined by what they reach it with.
  private struct Groups {
    private var parents: [Int: Int] = [:]
    /// Of each group, by its root: how many items of it reach the threshold.
    private var sizes: [Int: Int] = [:]
    private var squares = 0
    private var count = 0

    /// How many items stand for one.
    var effect: Double { count > 0 ? Double(squares) / Double(count) : 1 }

    mutating func add(_ found: Nearest) {
      let (one, other) = (root(of: found.item), root(of: found.other))
      var size = 1
      for root in Set([one, other]) {
        let own = sizes.removeValue(forKey: root) ?? 0
        squares -= own * own
        size += own
      }
      parents[one] = other
      sizes[other] = size
      squares += size * size
      count += 1
    }

    private mutating func root(of item: Int) -> Int {
      var root = item
      while let parent = parents[root], parent != root { root = parent }
      var next = item
      while let parent = parents[next], parent != root {
        parents[next] = root
        next = parent
      }
      return root
    }
  }
}
