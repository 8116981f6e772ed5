/// Joins whatever is connected. Links that would bring together what must not meet are left out, the least similar of them
/// first.
enum ComponentLinkage {
  /// - Parameter links: the most similar first.
  static func groups(of links: [SimilarPair], _ distinct: Set<ItemPair>) -> [[Int]] {
    let foes = Foes(distinct)
    var parents: [Int: Int] = [:]
    var members: [Int: [Int]] = [:]
    func root(of item: Int) -> Int {
      var root = item
      while let parent = parents[root], parent != root { root = parent }
      var step = item
      while let parent = parents[step], parent != root {
        parents[step] = root
        step = parent
      }
      return root
    }
    for link in links {
      for item in [link.left, link.right] where parents[item] == nil {
        parents[item] = item
        members[item] = [item]
      }
      var (large, small) = (root(of: link.left), root(of: link.right))
      guard large != small else { continue }
      if (members[large]?.count ?? 0, small) < (members[small]?.count ?? 0, large) {
        swap(&large, &small)
      }
      guard let moved = members[small] else { continue }
      let meet =
        !foes.isEmpty
        && moved.contains { item in
          foes.of(item).contains { parents[$0] != nil && root(of: $0) == large }
        }
      guard !meet else { continue }
      parents[small] = large
      members[large, default: []] += moved
      members[small] = nil
    }
    return members.values.filter { $0.count > 1 }
  }
}
