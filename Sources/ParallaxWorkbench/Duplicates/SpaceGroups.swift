package import ParallaxCore
package import ParallaxEvaluation
package import ParallaxStorage

/// What groups are made with.
package struct GroupRequest: Sendable, Hashable {
  /// From -1 to 1.
  package var minimumScore: Double
  package var linkage = Linkage.complete
  /// Smaller groups are left out.
  package var minimumSize = 2
  /// Which member stays; `nil` where none goes.
  package var keep: KeepPolicy?

  package init(minimumScore: Double) { self.minimumScore = minimumScore }
}

/// Which item of a group stays; of equal ones the next policy decides, and at last the id.
package enum KeepPolicy: String, Sendable, Hashable, CaseIterable {
  /// The most pixels, then the most bytes.
  case largest
  /// The earliest change of the file.
  case oldest
  /// The first path in the order of its bytes.
  case path
}

/// Groups of similar items of a space. Items whose files have the same bytes are one thing: they are always in one group.
package struct SpaceGroups: Sendable {
  package struct Member: Sendable {
    package var item: ItemRecord
    /// The cosine to the group's anchor; `nil` for itself, for a copy of its bytes, and without a vector.
    package var score: Double?
    /// Whether another member has the same bytes.
    package var isCopy: Bool
  }

  package struct Group: Sendable {
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
  }

  package struct ItemIDPair: Sendable, Hashable {
    package var left: ItemID
    package var right: ItemID
    package var score: Double
  }

  package let pairs: SpacePairs
  package let request: GroupRequest
  /// Larger ones first, then by the first id.
  package let groups: [Group]
  /// What people said of its pairs, as it counted.
  package let verdicts: GroupVerdicts
}

extension KeepPolicy {
  /// Whether one item is kept rather than another.
  func prefers(_ one: ItemRecord, to other: ItemRecord) -> Bool {
    let policies: [KeepPolicy] = [self] + [.largest, .oldest, .path].filter { $0 != self }
    for policy in policies {
      let (left, right) = (policy.place(of: one), policy.place(of: other))
      if left != right { return left.lexicographicallyPrecedes(right) }
      if policy == .path, one.path != other.path { return one.path < other.path }
    }
    return one.id < other.id
  }

  /// What is smaller is preferred.
  private func place(of item: ItemRecord) -> [Int64] {
    switch self {
    case .largest: [-Int64((item.width ?? 0) * (item.height ?? 0)), -item.size]
    case .oldest: [item.modified]
    case .path: []
    }
  }
}
