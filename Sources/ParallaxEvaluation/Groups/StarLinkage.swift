/// Takes, again and again, the item with the most similar ones as a centre, with those of them that are in no group yet;
/// equal ones by their number. (J. Aslam and others, 'The star clustering algorithm', 2004.)
enum StarLinkage {
  /// - Parameter links: each pair once, the most similar first.
  static func groups(of links: [SimilarPair], _ distinct: Set<ItemPair>) -> [[Int]] {
    let foes = Foes(distinct)
    var near: [Int: [Int]] = [:]
    for link in links {
      near[link.left, default: []].append(link.right)
      near[link.right, default: []].append(link.left)
    }
    let centres = near.keys.sorted {
      let (one, other) = (near[$0]?.count ?? 0, near[$1]?.count ?? 0)
      return one != other ? one > other : $0 < $1
    }
    var taken: Set<Int> = []
    var groups: [[Int]] = []
    for centre in centres where !taken.contains(centre) {
      var group = [centre]
      var barred: Set<Int> = Set(foes.of(centre))
      // The most similar ones come first where two of them must not meet.
      for item in near[centre] ?? [] where !taken.contains(item) && !barred.contains(item) {
        group.append(item)
        barred.formUnion(foes.of(item))
      }
      taken.formUnion(group)
      if group.count > 1 { groups.append(group) }
    }
    return groups
  }
}
