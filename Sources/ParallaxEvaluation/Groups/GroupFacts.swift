/// What is known of a group.
package struct GroupFacts: Sendable, Hashable {
  /// The member that is the most similar to the others on average; of equal ones the lowest.
  package var representative: Int
  /// The similarity of the least similar pair that links members; `nil` without one.
  package var minimum: Double?
  /// The similarity of the two least similar members, linked or not; `nil` where some pairs are not known.
  package var diameter: Double?
  /// The links without which the group would fall apart, by their items.
  package var bridges: [SimilarPair]

  /// - Parameters:
  ///   - group: two members or more.
  ///   - links: the pairs at the threshold of these members, each once; of others they do not count.
  ///   - similarity: of two members without a link, where it can be told; asked for each such pair once.
  package init(
    of group: [Int], links: [SimilarPair], similarity: ((Int, Int) -> Double)? = nil
  ) {
    let members = group.sorted()
    let places = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1, $0) })
    // Sums depend on the order of what is added.
    let own = links.compactMap { link -> SimilarPair? in
      let key = link.key
      guard places[key.left] != nil, places[key.right] != nil else { return nil }
      return SimilarPair(key.left, key.right, score: link.score)
    }.sorted(by: SimilarPair.isBefore)
    var sums = members.map { _ in 0.0 }
    func add(_ left: Int, _ right: Int, _ score: Double) {
      sums[places[left] ?? 0] += score
      sums[places[right] ?? 0] += score
    }
    for link in own { add(link.left, link.right, link.score) }
    minimum = own.last?.score
    var least = minimum ?? .infinity
    let isWhole = own.count == members.count * (members.count - 1) / 2
    if !isWhole, let similarity {
      let known = Set(own.map(\.key))
      for (place, left) in members.enumerated() {
        for right in members[(place + 1)...] where !known.contains(ItemPair(left, right)) {
          let score = similarity(left, right)
          add(left, right, score)
          least = min(least, score)
        }
      }
    }
    diameter = isWhole || similarity != nil ? least : nil
    representative =
      members[sums.indices.max { sums[$0] < sums[$1] || (sums[$0] == sums[$1] && $0 > $1) } ?? 0]
    bridges = Bridges.find(own, places).sorted { ($0.left, $0.right) < ($1.left, $1.right) }
  }
}

/// Links whose removal takes a group apart. (R. Tarjan, 'A note on finding the bridges of a graph', 1974.)
private enum Bridges {
  private struct Visit {
    var node: Int
    /// The link it was reached by; -1 for none.
    var link: Int
    var next = 0
  }

  /// - Parameter places: of the items, from 0 on.
  static func find(_ links: [SimilarPair], _ places: [Int: Int]) -> [SimilarPair] {
    var near = Array(repeating: [(node: Int, link: Int)](), count: places.count)
    for (number, link) in links.enumerated() {
      guard let left = places[link.left], let right = places[link.right] else { continue }
      near[left].append((right, number))
      near[right].append((left, number))
    }
    var order = Array(repeating: -1, count: near.count)
    // The earliest node that is reached from one and those after it without the link that led there.
    var low = order
    var (found, count): ([SimilarPair], Int) = ([], 0)
    for start in near.indices where order[start] < 0 {
      // On a list of its own: a chain may be longer than the thread's stack.
      var path = [Visit(node: start, link: -1)]
      (order[start], low[start]) = (count, count)
      count += 1
      while let visit = path.last {
        guard visit.next < near[visit.node].count else {
          path.removeLast()
          guard let above = path.last else { continue }
          low[above.node] = min(low[above.node], low[visit.node])
          if low[visit.node] > order[above.node] { found.append(links[visit.link]) }
          continue
        }
        path[path.count - 1].next += 1
        let (node, link) = near[visit.node][visit.next]
        guard link != visit.link else { continue }
        if order[node] < 0 {
          (order[node], low[node]) = (count, count)
          count += 1
          path.append(Visit(node: node, link: link))
        } else {
          low[visit.node] = min(low[visit.node], order[node])
        }
      }
    }
    return found
  }
}
