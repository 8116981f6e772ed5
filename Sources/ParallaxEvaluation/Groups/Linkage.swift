/// How pairs become groups. Each gives the same groups in whatever order the pairs come.
package enum Linkage: String, Sendable, Hashable, CaseIterable {
  /// Every two members of a group are similar.
  case complete
  /// Every member is similar to one of them, the centre.
  case star
  /// Members are connected by similar ones; the first and the last of a chain may be unlike.
  case components
  /// Every member is similar to one of them, the leader; leaders are not similar to one another.
  case leader

  /// What holds of every group.
  package var guarantee: String {
    switch self {
    case .complete: "every two members reach the threshold"
    case .star: "every member reaches the threshold with the centre, not with every other member"
    case .components: "members are connected by pairs at the threshold; two of them may be unlike"
    case .leader:
      "every member reaches the threshold with the leader, and no leader with another"
    }
  }

  /// Groups of two items and more: members ascending, larger groups first, equal ones by their first member.
  ///
  /// Pairs that are not in the list count as below the threshold. The cost grows with the pairs at the threshold, times
  /// the logarithm of their number, not with the square of the items.
  ///
  /// - Parameters:
  ///   - pairs: in any order, each once; those below the threshold do not count.
  ///   - distinct: pairs that must not be in one group.
  ///   - joined: sets of items that are in one group whatever their scores, none with a distinct pair. What the linkage
  ///     asks of a member, complete linkage asks of all items of a set and the others of one of them.
  package func groups(
    of pairs: [SimilarPair], threshold: Double, distinct: Set<ItemPair> = [],
    joined: [[Int]] = []
  ) -> [[Int]] {
    var links = Self.links(of: pairs, threshold: threshold, distinct: distinct)
    var distinct = distinct
    let sets = JoinedItems(joined)
    if !joined.isEmpty {
      distinct = sets.apart(distinct)
      links = sets.links(links, isOfAll: self == .complete, apart: distinct)
    }
    let groups =
      switch self {
      case .complete: CompleteLinkage.groups(of: links)
      case .star: StarLinkage.groups(of: links, distinct)
      case .components: ComponentLinkage.groups(of: links, distinct)
      case .leader: LeaderLinkage.groups(of: links, distinct)
      }
    return sets.groups(groups).map { $0.sorted() }.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0[0] < $1[0]
    }
  }

  /// The pairs that link, the most similar first.
  private static func links(
    of pairs: [SimilarPair], threshold: Double, distinct: Set<ItemPair>
  ) -> [SimilarPair] {
    pairs.compactMap { pair in
      let key = pair.key
      guard key.left != key.right, pair.score >= threshold, !distinct.contains(key) else {
        return nil
      }
      return SimilarPair(key.left, key.right, score: pair.score)
    }.sorted(by: SimilarPair.isBefore)
  }
}

/// Which items must not meet in a group, by item.
struct Foes {
  private let others: [Int: [Int]]

  init(_ distinct: Set<ItemPair>) {
    var others: [Int: [Int]] = [:]
    for pair in distinct {
      others[pair.left, default: []].append(pair.right)
      others[pair.right, default: []].append(pair.left)
    }
    self.others = others
  }

  var isEmpty: Bool { others.isEmpty }

  func of(_ item: Int) -> [Int] { others[item] ?? [] }
}
