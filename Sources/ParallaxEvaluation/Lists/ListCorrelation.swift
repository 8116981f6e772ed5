private import ParallaxStatistics

/// Whether two lists order the items that both have in the same way.
package struct ListCorrelation: Sendable, Hashable {
  /// How many items both lists have; the others do not count.
  package let common: Int
  /// Kendall's τ, from -1 (opposite) to 1 (same order).
  package let tau: Double
  /// τ_AP: as τ, but what happens at the top counts more (E. Yilmaz, J. Aslam and S. Robertson, "A new
  /// rank correlation coefficient for information retrieval", SIGIR 2008). From -1 to 1. The other way
  /// round it is another number.
  package let tauAP: Double

  /// - Parameters:
  ///   - list: best first, no item twice.
  ///   - reference: as `list`; its order is taken as the right one.
  /// - Returns: `nil` below two common items.
  package init?<Item: Hashable>(_ list: [Item], reference: [Item]) {
    let places = Dictionary(
      reference.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let found = list.compactMap { places[$0] }
    guard let tau = KendallTau.b(found.indices.map(Double.init), found.map(Double.init)) else {
      return nil
    }
    common = found.count
    self.tau = tau
    var seen = PlaceCounts(reference.count)
    var sum = 0.0
    for (index, place) in found.enumerated() {
      if index > 0 { sum += Double(seen.count(below: place)) / Double(index) }
      seen.add(place)
    }
    tauAP = 2 * sum / Double(found.count - 1) - 1
  }
}

/// Counts of places, with sums in logarithmic time (P. Fenwick, 1994).
private struct PlaceCounts {
  private var tree: [Int]

  init(_ count: Int) { tree = [Int](repeating: 0, count: count + 1) }

  mutating func add(_ place: Int) {
    var index = place + 1
    while index < tree.count {
      tree[index] += 1
      index += index & -index
    }
  }

  func count(below place: Int) -> Int {
    var (index, sum) = (place, 0)
    while index > 0 {
      sum += tree[index]
      index -= index & -index
    }
    return sum
  }
}
