package import ParallaxCore
package import ParallaxEvaluation
package import ParallaxSearch
package import ParallaxStorage

/// What groups are made with.
package struct GroupRequest: Sendable, Hashable {
  /// From -1 to 1.
  package var minimumScore: Double
  package var linkage = Linkage.complete
  /// Smaller groups are left out.
  package var minimumSize = 2
  /// Which member stays; `nil` where none goes.
  package var keep: KeepRule?
  /// In how many bits the perceptual hashes of two pictures that link may differ; `nil` where hashes do not count.
  package var hashBits: Int?
  /// How scores are normalised besides; `nil` where they are not.
  package var normalization: ScoreNormalization?
  /// Whether pairs are looked for in the space's index, which may miss some.
  package var throughIndex = false

  package init(minimumScore: Double) { self.minimumScore = minimumScore }
}

/// Groups of similar items of a space. Items whose files have the same bytes are one thing: they are always in one group.
package struct SpaceGroups: Sendable, Hashable {
  package struct Member: Sendable, Hashable {
    package var item: ItemRecord
    /// The cosine to the group's anchor; `nil` for itself, for a copy of its bytes, and without a vector.
    package var score: Double?
    /// The score less the mean of what is usual for both; `nil` where there is no score or it is not asked for.
    package var normalized: Double?
    /// In how many of 64 bits the perceptual hash differs from the anchor's; `nil` as the score is.
    package var hashDistance: Int?
    /// Whether another member has the same bytes.
    package var isCopy: Bool
  }

  package struct Group: Sendable, Hashable {
    /// Ascending by id.
    package var members: [Member]
    /// The place of the member that stays; where none goes, of the one that is the most similar to the others on average.
    package var anchor: Int
    /// The cosine of the least similar members that link, at the threshold or by a verdict; `nil` in a group of copies.
    package var minimum: Double?
    /// The cosine of the two least similar members; `nil` in a group of copies, and where too many are to be compared.
    package var diameter: Double?
    /// Pairs without which the group would fall apart.
    package var bridges: [ItemIDPair]

    /// The places of the members, the anchor's first.
    package var order: [Int] { [anchor] + members.indices.filter { $0 != anchor } }
  }

  package struct ItemIDPair: Sendable, Hashable {
    package var left: ItemID
    package var right: ItemID
    package var score: Double
  }

  package let space: Space
  package let request: GroupRequest
  /// Larger ones first, then by the first id.
  package let groups: [Group]
  /// What people said of its pairs, as it counted.
  package let verdicts: GroupVerdicts
  /// Items of the collection, with a vector in the space or without.
  package let itemCount: Int
  /// Items of which only copies of their bytes are found.
  package let withoutVector: Int
  /// Items whose vector is zero: they are similar to none.
  package let withoutDirection: Int
  /// How many of the pairs of sampled items the index found; `nil` where all were compared.
  package let recall: GraphPairs.Recall?
}
