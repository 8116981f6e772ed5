package import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxStorage

/// What people's verdicts say of the contents of a collection.
package struct GroupVerdicts: Sendable, Hashable {
  /// Verdicts that counted, by their answer.
  package let duplicates: Int
  package let distinct: Int
  /// Chains of duplicates whose ends are said to be distinct; none of their joins counts.
  package let contradictions: [[ItemID]]
  /// Of contents, by their numbers.
  let pairs: PairVerdicts
  /// The duplicates among them.
  private let same: Set<ItemPair>

  /// - Parameters:
  ///   - verdicts: at most one of a pair.
  ///   - items: of each content, the one that stands for it.
  init(_ verdicts: [Verdict], _ items: [ItemRecord]) {
    let numbers = Dictionary(
      items.enumerated().map { ($1.hash, $0) }, uniquingKeysWith: { first, _ in first })
    var said: [Verdict.Answer: Set<ItemPair>] = [:]
    for verdict in verdicts {
      guard let one = numbers[verdict.pair.one], let other = numbers[verdict.pair.other] else {
        continue
      }
      said[verdict.answer, default: []].insert(ItemPair(one, other))
    }
    pairs = PairVerdicts(
      duplicate: said[.duplicate] ?? [], distinct: said[.distinct] ?? [])
    let joined = Set(pairs.joined.joined())
    same = (said[.duplicate] ?? []).filter { joined.contains($0.left) }
    duplicates = same.count
    distinct = pairs.distinct.count
    contradictions = pairs.contradictions.map { $0.map { items[$0].id } }
  }

  package var count: Int { duplicates + distinct }

  /// Links with those that verdicts make, whose score is their cosine.
  ///
  /// - Parameter cosine: `nil` where one of two contents has no vector.
  func links(_ links: [SimilarPair], cosine: (Int, Int) -> Double?) -> [SimilarPair] {
    guard !same.isEmpty else { return links }
    let known = Set(links.map(\.key))
    return links
      + same.subtracting(known).compactMap { pair in
        cosine(pair.left, pair.right).map { SimilarPair(pair.left, pair.right, score: $0) }
      }
  }
}
