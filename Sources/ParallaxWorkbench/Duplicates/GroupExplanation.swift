package import ParallaxCore
package import ParallaxEvaluation

/// What holds a group together.
package struct GroupExplanation: Sendable {
  package struct Member: Sendable {
    /// Another member, and the similarity to it, as the basis has it.
    package struct Other: Sendable {
      package var id: ItemID
      package var score: Double
    }

    package var member: ItemGroups.Member
    /// Whether it stays, or, where none goes, is the most similar to the others on average.
    package var isAnchor: Bool
    package var isRepresentative: Bool
    /// `nil` in a group of copies and in one that is too large to compare.
    package var nearest: Other?
    package var farthest: Other?
    /// By linkage, the number of the member's group among those of its members; `nil` where it would be alone.
    package var groups: [Linkage: Int]
  }

  /// A pair without which the group would fall apart.
  package struct Bridge: Sendable {
    package var pair: ItemGroups.ItemIDPair
    /// The items of the smaller side, ascending.
    package var side: [ItemID]
  }

  /// Bridges that are told, at most.
  static let mostBridges = 5

  /// What a linkage makes of the members.
  package struct Division: Sendable {
    package var linkage: Linkage
    /// Of each group that has some of the members: how many, and how many others with them. Larger ones first.
    package var groups: [(inside: Int, outside: Int)]
    /// Members that are in no group.
    package var alone: Int
  }

  /// The number of the group, from 1 on.
  package var number: Int
  package var group: ItemGroups.Group
  /// The anchor first, then ascending by id.
  package var members: [Member]
  package var representative: ItemID
  /// The least similar pair that links; `nil` in a group of copies.
  package var least: ItemGroups.ItemIDPair?
  /// The two least similar members; `nil` as the diameter is.
  package var farthest: ItemGroups.ItemIDPair?
  /// The first of them, by their items: of a chain every pair is one.
  package var bridges: [Bridge]
  package var bridgeCount: Int
  /// Items that verdicts join, as they joined.
  package var joined: [[ItemID]]
  /// Items that are joined because they have the same pixels.
  package var twins: [[ItemID]]
  package var divisions: [Division]
}
