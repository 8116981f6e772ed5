package import ParallaxCore

/// An item and its score; higher is better.
package struct RankedItem: Sendable, Hashable {
  package var id: ItemID
  /// Finite.
  package var score: Double

  package init(id: ItemID, score: Double) {
    self.id = id
    self.score = score
  }

  /// The order of trec_eval: by falling score, equal ones by falling id, bytewise.
  ///
  /// Searches order equal scores by rising id; metrics follow trec_eval.
  static func precedes(_ left: RankedItem, _ right: RankedItem) -> Bool {
    left.score != right.score ? left.score > right.score : right.id < left.id
  }
}
