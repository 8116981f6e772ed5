package import ParallaxCore
package import ParallaxEvaluation
package import ParallaxSearch
package import ParallaxStorage

/// What groups are made with.
package struct GroupRequest: Sendable, Hashable {
  package var basis: GroupBasis
  package var linkage = Linkage.complete
  /// Smaller groups are left out.
  package var minimumSize = 2
  /// Which member stays; `nil` where none goes.
  package var keep: KeepRule?
  /// How alike the perceptual hashes of two pictures with a high cosine must be, too; `nil` where they do not count.
  package var secondSign: HashRule?
  /// How cosines are normalised besides; `nil` where they are not.
  package var normalization: ScoreNormalization?
  /// Whether pairs are looked for in the space's index, which may miss some.
  package var throughIndex = false
  /// Whether pictures that link are decoded, to tell those with the same pixels.
  package var comparesPixels = false

  package init(_ basis: GroupBasis) { self.basis = basis }

  package init(minimumScore: Double) { self.init(.cosine(minimumScore)) }

  /// How hashes are compared, alone or beside cosines; `nil` where they do not count.
  package var hashRule: HashRule? {
    if case .hash(let rule) = basis { rule } else { secondSign }
  }
}

/// Groups of similar items of a collection. Items whose files have the same bytes are one thing: they are always in one group.
package struct ItemGroups: Sendable, Hashable {
  package struct Member: Sendable, Hashable {
    /// What a member has in common with the anchor.
    package enum Likeness: Sendable, Hashable {
      /// It is the anchor.
      case itself
      case bytes
      /// Other bytes that decode to the same pixels.
      case pixels
      case near
      /// Not near, but people said that it is the same.
      case verdict
    }

    package var item: ItemRecord
    package var likeness = Likeness.near
    /// The cosine to the group's anchor; `nil` for itself, for a copy of its bytes, without a vector, and where
    /// cosines do not count.
    package var score: Double?
    /// The score less the mean of what is usual for both; `nil` where there is no score or it is not asked for.
    package var normalized: Double?
    /// In how many of 64 bits the perceptual hash differs from the anchor's; `nil` for itself, for a copy of its
    /// bytes, and without a hash.
    package var hashDistance: Int?
    /// Whether another member has the same bytes.
    package var isCopy: Bool
    /// Whether another member has other bytes that decode to the same pixels, as far as pixels were compared.
    package var hasSamePixels = false
  }

  package struct Group: Sendable, Hashable {
    /// Ascending by id.
    package var members: [Member]
    /// The place of the member that stays; where none goes, of the one that is the most similar to the others on average.
    package var anchor: Int
    /// The similarity, as the basis has it, of the least similar members that link, at the threshold or by a verdict;
    /// `nil` in a group of copies.
    package var minimum: Double?
    /// That of the two least similar members; `nil` in a group of copies, and where too many are to be compared.
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

  package let collection: ItemCollection
  /// `nil` where pictures were compared, not vectors.
  package let space: Space?
  package let request: GroupRequest
  /// Larger ones first, then by the first id.
  package let groups: [Group]
  /// What people said of its pairs, as it counted.
  package let verdicts: GroupVerdicts
  /// Items of the collection, with a vector in the space or without.
  package let itemCount: Int
  /// Items without a vector in the space, of which only copies of their bytes are found.
  package let withoutVector: Int
  /// Items whose vector is zero: they are similar to none.
  package let withoutDirection: Int
  /// How many of the pairs of sampled items the index found; `nil` where all were compared.
  package let recall: GraphPairs.Recall?

  /// The space, or the collection where there is none.
  package var reference: String { space?.reference ?? collection.name }

  /// What its items are.
  package var noun: String { space?.spec.content.noun ?? "image" }
}
