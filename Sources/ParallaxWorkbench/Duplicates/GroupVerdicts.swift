package import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxStorage

/// What people's verdicts say of the contents of a collection, and which of these have the same pixels: those are the same
/// unless somebody says that they are distinct.
package struct GroupVerdicts: Sendable, Hashable {
  /// Verdicts that counted, by their answer.
  package let duplicates: Int
  package let distinct: Int
  /// Chains of duplicates whose ends are said to be distinct; none of their joins counts.
  package let contradictions: [[ItemID]]
  /// Of contents, by their numbers.
  let pairs: PairVerdicts
  /// Those that are joined, by a verdict or by their pixels.
  private let same: Set<ItemPair>
  private let said: Set<ItemPair>
  /// Contents that are joined because they have the same pixels.
  let twins: [[Int]]

  /// - Parameters:
  ///   - verdicts: at most one of a pair.
  ///   - items: of each content, the one that stands for it.
  ///   - twins: sets of contents with the same pixels, each content in one of them at most.
  init(_ verdicts: [Verdict], _ items: [ItemRecord], twins: [[Int]] = []) {
    let numbers = Dictionary(
      items.enumerated().map { ($1.hash, $0) }, uniquingKeysWith: { first, _ in first })
    var said: [Verdict.Answer: Set<ItemPair>] = [:]
    for verdict in verdicts {
      guard let one = numbers[verdict.pair.one], let other = numbers[verdict.pair.other] else {
        continue
      }
      said[verdict.answer, default: []].insert(ItemPair(one, other))
    }
    let parted = said[.distinct] ?? []
    let equal = twins.map { set in
      let own = Set(set)
      let apart = Set(
        parted.filter { own.contains($0.left) && own.contains($0.right) }
          .flatMap { [$0.left, $0.right] })
      return set.filter { !apart.contains($0) }
    }.filter { $0.count > 1 }
    let alike = equal.flatMap { set in set.dropFirst().map { ItemPair(set[0], $0) } }
    pairs = PairVerdicts(
      duplicate: (said[.duplicate] ?? []).union(alike), distinct: parted)
    let joined = Set(pairs.joined.joined())
    self.said = (said[.duplicate] ?? []).filter { joined.contains($0.left) }
    same = self.said.union(alike.filter { joined.contains($0.left) })
    self.twins = equal.filter { joined.contains($0[0]) }
    duplicates = self.said.count
    distinct = pairs.distinct.count
    contradictions = pairs.contradictions.map { $0.map { items[$0].id } }
  }

  package var count: Int { duplicates + distinct }

  /// Sets that verdicts join, with what the same pixels add.
  var judged: [[Int]] {
    let judged = Set(said.map(\.left))
    return pairs.joined.filter { $0.contains(where: judged.contains) }
  }

  /// Links with those that verdicts and the same pixels make, whose score is their similarity.
  ///
  /// - Parameter similarity: `nil` where it is not known of two contents.
  func links(_ links: [SimilarPair], similarity: (Int, Int) -> Double?) -> [SimilarPair] {
    guard !same.isEmpty else { return links }
    let known = Set(links.map(\.key))
    return links
      + same.subtracting(known).compactMap { pair in
        similarity(pair.left, pair.right).map { SimilarPair(pair.left, pair.right, score: $0) }
      }
  }
}
