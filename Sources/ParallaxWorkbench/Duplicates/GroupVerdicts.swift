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
  /// Of contents, by their numbers; what has the same pixels is joined as well.
  let pairs: PairVerdicts
  /// Those that are joined, by a verdict or by their pixels.
  private let same: Set<ItemPair>
  private let said: Set<ItemPair>
  /// Of each content that is joined, the number of its set.
  private let sets: [Int: Int]
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
    // Only what people said can contradict itself: pixels give way.
    let judged = PairVerdicts(duplicate: said[.duplicate] ?? [], distinct: parted)
    let agreed = Set(judged.joined.joined())
    let counted = (said[.duplicate] ?? []).filter { agreed.contains($0.left) }
    let implied = ImpliedVerdicts(judged)
    let equal = twins.map { set in
      let own = Set(set)
      return set.filter { !implied.distinct(from: $0).contains(where: own.contains) }
    }.filter { $0.count > 1 }
    // Several sets with the same pixels, and verdicts between them, may still lead from one to the other of a distinct pair.
    let all = PairVerdicts(duplicate: counted.union(Self.pairs(of: equal)), distinct: parted)
    let allowed = Set(all.joined.joined())
    let kept = equal.filter { allowed.contains($0[0]) }
    self.twins = kept
    self.said = counted
    same = counted.union(Self.pairs(of: kept))
    pairs = PairVerdicts(duplicate: same, distinct: parted)
    sets = Dictionary(
      pairs.joined.enumerated().flatMap { number, set in set.map { ($0, number) } },
      uniquingKeysWith: { first, _ in first })
    duplicates = counted.count
    distinct = parted.count
    contradictions = judged.contradictions.map { $0.map { items[$0].id } }
  }

  /// Each of a set with its first.
  private static func pairs(of sets: [[Int]]) -> [ItemPair] {
    sets.flatMap { set in set.dropFirst().map { ItemPair(set[0], $0) } }
  }

  /// Whether two contents are in one group whatever their similarity.
  func areJoined(_ one: Int, _ other: Int) -> Bool {
    sets[one].map { $0 == sets[other] } ?? false
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
