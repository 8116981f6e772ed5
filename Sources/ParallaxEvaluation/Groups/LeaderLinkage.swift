/// Takes the items one after the other, the lowest first: one that is similar to no leader leads; each of the others
/// goes to the leader that it is the most similar to, of equal ones to the lowest. (J. Hartigan, 'Clustering Algorithms',
/// 1975, with the items in a fixed order and the nearest leader in place of the first.)
///
/// Who must not meet anybody of the groups that are near stays alone.
enum LeaderLinkage {
  /// - Parameter links: each pair once, the most similar first.
  static func groups(of links: [SimilarPair], _ distinct: Set<ItemPair>) -> [[Int]] {
    var near: [Int: [Int]] = [:]
    for link in links {
      near[link.left, default: []].append(link.right)
      near[link.right, default: []].append(link.left)
    }
    var leaders: Set<Int> = []
    for item in near.keys.sorted() {
      if near[item]?.contains(where: leaders.contains) != true { leaders.insert(item) }
    }
    let foes = Foes(distinct)
    var groups = Dictionary(uniqueKeysWithValues: leaders.map { ($0, [$0]) })
    var taken = leaders
    for link in links {
      // Of two links alike, that to the lower leader comes first: pairs are in order.
      let (leader, item) =
        leaders.contains(link.left) ? (link.left, link.right) : (link.right, link.left)
      guard leaders.contains(leader), !taken.contains(item) else { continue }
      let barred = foes.of(item)
      if !barred.isEmpty, groups[leader]?.contains(where: barred.contains) == true { continue }
      groups[leader]?.append(item)
      taken.insert(item)
    }
    return groups.values.filter { $0.count > 1 }
  }
}
