/// What people said of pairs, made consistent: what they joined, what they hold apart, and where they contradict one another.
package struct PairVerdicts: Sendable, Hashable {
  /// Items that verdicts join, two and more in each set, ascending; the sets by their first items.
  package let joined: [[Int]]
  /// Pairs that must not be in one group: all that were said to be distinct.
  package let distinct: Set<ItemPair>
  /// For each pair that is said to be distinct and joined as well, the shortest chain of duplicates from one to the other. No
  /// duplicate that is connected to such a pair joins anything.
  package let contradictions: [[Int]]
  /// Duplicates that join nothing for that reason.
  package let unused: Int

  /// - Parameters:
  ///   - duplicate: pairs that are the same.
  ///   - distinct: pairs that are not; none of them is in `duplicate`.
  package init(duplicate: Set<ItemPair> = [], distinct: Set<ItemPair> = []) {
    self.distinct = distinct
    let links = duplicate.sorted { ($0.left, $0.right) < ($1.left, $1.right) }
    let sets = ComponentLinkage.groups(
      of: links.map { SimilarPair($0.left, $0.right, score: 1) }, []
    ).map { $0.sorted() }.sorted { $0[0] < $1[0] }
    var owners: [Int: Int] = [:]
    for (number, set) in sets.enumerated() { for item in set { owners[item] = number } }
    let split = distinct.filter { pair in
      owners[pair.left].map { $0 == owners[pair.right] } ?? false
    }.sorted { ($0.left, $0.right) < ($1.left, $1.right) }
    let bad = Set(split.compactMap { owners[$0.left] })
    joined = sets.enumerated().filter { !bad.contains($0.offset) }.map(\.element)
    unused = links.count { owners[$0.left].map(bad.contains) ?? false }
    var near: [Int: [Int]] = [:]
    for link in links {
      near[link.left, default: []].append(link.right)
      near[link.right, default: []].append(link.left)
    }
    contradictions = split.map { Self.chain(from: $0.left, to: $0.right, near) }
  }

  /// The shortest chain; of equally short ones that of the lowest items.
  private static func chain(from start: Int, to end: Int, _ near: [Int: [Int]]) -> [Int] {
    var before: [Int: Int] = [start: start]
    var reached = [start]
    var next = 0
    while next < reached.count, before[end] == nil {
      for item in (near[reached[next]] ?? []).sorted() where before[item] == nil {
        before[item] = reached[next]
        reached.append(item)
      }
      next += 1
    }
    var chain = [end]
    while let last = chain.last, last != start, let item = before[last] { chain.append(item) }
    return chain.reversed()
  }
}

/// What follows from verdicts for any two items: a duplicate of a duplicate is one, and what is distinct from an item is distinct
/// from all that it is joined with.
package struct ImpliedVerdicts: Sendable {
  private let sets: JoinedItems
  private let apart: Set<ItemPair>
  /// By item, or by the first of a joined set.
  private var foes: [Int: [Int]] = [:]

  package init(_ verdicts: PairVerdicts) {
    sets = JoinedItems(verdicts.joined)
    apart = sets.apart(verdicts.distinct)
    for pair in apart.sorted(by: { ($0.left, $0.right) < ($1.left, $1.right) }) {
      foes[pair.left, default: []].append(pair.right)
      foes[pair.right, default: []].append(pair.left)
    }
  }

  /// Whether two items are the same; `nil` where nothing is said of them, and of an item with itself.
  package func areSame(_ one: Int, _ other: Int) -> Bool? {
    guard one != other else { return nil }
    let pair = ItemPair(sets.owner(of: one), sets.owner(of: other))
    if pair.left == pair.right { return true }
    return apart.contains(pair) ? false : nil
  }

  /// The others that are the same.
  package func duplicates(of item: Int) -> [Int] {
    sets.members(of: sets.owner(of: item)).filter { $0 != item }
  }

  /// All that are said to be others.
  package func distinct(from item: Int) -> [Int] {
    (foes[sets.owner(of: item)] ?? []).flatMap(sets.members)
  }
}

/// Items that are joined whatever their scores, each set as one item.
struct JoinedItems: Sendable {
  private var owners: [Int: Int] = [:]
  private var members: [Int: [Int]] = [:]

  init(_ sets: [[Int]]) {
    for set in sets {
      guard let first = set.min() else { continue }
      members[first] = set
      for item in set { owners[item] = first }
    }
  }

  func owner(of item: Int) -> Int { owners[item] ?? item }

  /// The items of a set, by its owner.
  func members(of owner: Int) -> [Int] { members[owner] ?? [owner] }

  private func size(of owner: Int) -> Int { members[owner]?.count ?? 1 }

  /// The links between sets, the most similar first.
  ///
  /// - Parameter isOfAll: whether every member of one must be linked to every member of the other, so that the
  ///   link is as similar as the least similar two; otherwise one link will do, and the most similar counts.
  func links(_ links: [SimilarPair], isOfAll: Bool, apart: Set<ItemPair>) -> [SimilarPair] {
    var found: [ItemPair: (count: Int, score: Double)] = [:]
    for link in links {
      let pair = ItemPair(owner(of: link.left), owner(of: link.right))
      guard pair.left != pair.right, !apart.contains(pair) else { continue }
      let known = found[pair] ?? (0, link.score)
      found[pair] = (
        known.count + 1, isOfAll ? min(known.score, link.score) : max(known.score, link.score)
      )
    }
    return found.compactMap { pair, known in
      guard !isOfAll || known.count == size(of: pair.left) * size(of: pair.right) else {
        return nil
      }
      return SimilarPair(pair.left, pair.right, score: known.score)
    }.sorted(by: SimilarPair.isBefore)
  }

  /// Sets that must not meet.
  func apart(_ distinct: Set<ItemPair>) -> Set<ItemPair> {
    Set(distinct.map { ItemPair(owner(of: $0.left), owner(of: $0.right)) })
  }

  /// Groups of items from groups of sets, those that joined nothing among them.
  func groups(_ groups: [[Int]]) -> [[Int]] {
    let grouped = Set(groups.joined())
    return groups.map { group in group.flatMap { members(of: $0) } }
      + members.filter { !grouped.contains($0.key) }.map(\.value)
  }
}
