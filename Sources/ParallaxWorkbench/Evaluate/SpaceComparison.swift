package import ParallaxCore
package import ParallaxStatistics

/// How two spaces of one collection place its items.
package struct SpaceComparison: Sendable, Hashable {
  /// An item with its neighbours in both spaces.
  package struct Churn: Sendable, Hashable {
    package var item: ItemID
    package var path: String
    /// The share of its nearest neighbours that both spaces have in common.
    package var kept: Double
    /// Its nearest neighbours in each space, best first.
    package var first: [ItemID]
    package var second: [ItemID]
  }

  /// An item has another neighbourhood when less than this share of its neighbours is kept.
  package static let fewest = 0.5

  /// Items with a vector in both, and in one of them alone.
  package var common: Int
  package var onlyInFirst: Int
  package var onlyInSecond: Int
  /// Linear CKA of the items that were compared; `nil` where nothing varies.
  package var alignment: Double?
  /// Items that were compared with one another, for it and for hubness.
  package var sample: Int
  package var firstHubness: Hubness
  package var secondHubness: Hubness
  /// The items whose neighbours were compared, with those who kept the fewest first, then in the order of
  /// ids.
  package var churn: [Churn]

  /// The share of items that have another neighbourhood.
  package var churnedShare: Double {
    churn.isEmpty ? 0 : Double(churn.count { $0.kept < Self.fewest }) / Double(churn.count)
  }
}
