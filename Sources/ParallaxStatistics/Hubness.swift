/// How unevenly items are the neighbours of others: in spaces of many dimensions a few items, the hubs,
/// are near to very many others, and some are near to none.
///
/// The k-occurrence of an item is the number of lists of k nearest neighbours that it is in; its mean is
/// k. M. Radovanović, A. Nanopoulos and M. Ivanović, "Hubs in space: popular nearest neighbors in
/// high-dimensional data", JMLR 11 (2010).
package struct Hubness: Sendable, Hashable {
  /// An item is a hub from this many times the mean on, as in scikit-hubness.
  package static let hubFactor = 2

  /// How many neighbours a list has, at most.
  package let neighbours: Int
  /// The k-occurrence of each item.
  package let counts: [Int]

  /// - Parameter lists: the neighbours of each item, as places among the items, without the item itself.
  package init(_ lists: [[Int]]) {
    var counts = [Int](repeating: 0, count: lists.count)
    for list in lists { for place in list { counts[place] += 1 } }
    self.counts = counts
    neighbours = lists.map(\.count).max() ?? 0
  }

  /// Of the k-occurrences; `nil` where all are equal.
  package var skewness: Double? { Moments.skewness(counts.map(Double.init)) }

  /// The share of items that are hubs.
  package var hubShare: Double { share { isHub($0) } }

  /// The share of all places in lists that hubs take.
  package var placesOfHubs: Double {
    let places = counts.reduce(0, +)
    return places == 0
      ? 0 : Double(counts.filter(isHub).reduce(0, +)) / Double(places)
  }

  /// The share of items that are in no list.
  package var antihubShare: Double { share { $0 == 0 } }

  /// The items in most lists, the first in the order of items where several are in as many.
  package func top(_ count: Int) -> [Int] {
    Array(counts.indices.sorted { (-counts[$0], $0) < (-counts[$1], $1) }.prefix(count))
  }

  private func isHub(_ count: Int) -> Bool { count >= Self.hubFactor * neighbours && count > 0 }

  private func share(where isCounted: (Int) -> Bool) -> Double {
    counts.isEmpty ? 0 : Double(counts.count(where: isCounted)) / Double(counts.count)
  }
}
