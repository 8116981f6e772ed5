/// Two items, by their numbers in the order of their ids, and how similar they are.
package struct SimilarPair: Sendable, Hashable {
  package var left: Int
  package var right: Int
  /// Larger is more similar; not a NaN.
  package var score: Double

  package init(_ left: Int, _ right: Int, score: Double) {
    self.left = left
    self.right = right
    self.score = score
  }

  package var key: ItemPair { ItemPair(left, right) }

  /// The most similar pair first, equal ones by their items: an order that does not depend on how they came.
  package static func isBefore(_ one: SimilarPair, _ other: SimilarPair) -> Bool {
    one.score != other.score
      ? one.score > other.score : (one.left, one.right) < (other.left, other.right)
  }
}

/// Two items, the lower number first.
package struct ItemPair: Sendable, Hashable {
  package let left: Int
  package let right: Int

  package init(_ one: Int, _ other: Int) {
    left = min(one, other)
    right = max(one, other)
  }
}
