package import ParallaxCore
package import ParallaxEvaluation
package import ParallaxSearch
package import ParallaxStorage

/// The pairs of similar items of a space, and the items whose files are the same.
package struct SpacePairs: Sendable {
  /// Where the pairs came from.
  package enum Origin: Sendable, Hashable {
    /// All items were compared.
    case search(PairJoin.Summary)
    /// Kept from an earlier search, which went at least as far down.
    case kept
    /// Kept, but for some items, whose vectors were not there yet: those were compared with all.
    case extended(items: Int)
    /// The space's index was asked: some pairs may be missing.
    case index(GraphPairs.Recall)
  }

  package let space: Space
  /// The item of each row.
  package let ids: [ItemID]
  /// By left and then by right row, left < right, at or above the least score that was asked for.
  package let pairs: [RowPair]
  package let minimumScore: Double
  package let origin: Origin
  /// Items of the collection, with a vector in the space or without.
  package let itemCount: Int
  /// Items whose vector is zero: they are similar to none.
  package let withoutDirection: Int
  /// Items whose files have the same bytes, two or more in each group, also without a vector.
  package let copies: [[ItemID]]

  /// Items that are in no pair because they have no vector in the space.
  package var withoutVector: Int { itemCount - ids.count }

  /// How many of the pairs of sampled items the index found; `nil` where all were compared.
  package var recall: GraphPairs.Recall? {
    if case .index(let recall) = origin { recall } else { nil }
  }

  /// As groups are made of them: rows are in the order of ids.
  package var similarPairs: [SimilarPair] {
    pairs.map { SimilarPair(Int($0.left), Int($0.right), score: Double($0.score)) }
  }
}

extension Double {
  /// A threshold as scores are kept, in 32 bits: a score that is shown as the threshold reaches it.
  var asKept: Double { Double(Float(self)) }
}
