import ParallaxCore
import Testing

@testable import ParallaxEvaluation

@Suite struct PairVerdictTests {
  private static func pairs(_ list: [(Int, Int)]) -> Set<ItemPair> {
    Set(list.map { ItemPair($0.0, $0.1) })
  }

  @Test func `duplicates join in chains, and a distinct pair breaks them`() {
    let plain = PairVerdicts(duplicate: Self.pairs([(1, 0), (1, 2), (5, 6)]))
    #expect(plain.joined == [[0, 1, 2], [5, 6]] && plain.contradictions.isEmpty)
    let broken = PairVerdicts(
      duplicate: Self.pairs([(0, 1), (1, 2), (0, 3), (3, 4), (4, 2), (5, 6)]),
      distinct: Self.pairs([(2, 0), (5, 7)]))
    // The shortest way from one to the other; all that hangs on it joins nothing.
    #expect(broken.contradictions == [[0, 1, 2]] && broken.unused == 5)
    #expect(broken.joined == [[5, 6]])
    #expect(broken.distinct == Self.pairs([(0, 2), (5, 7)]))
  }

  @Test func `what follows from verdicts is what groups make of them`() {
    let implied = ImpliedVerdicts(
      PairVerdicts(
        duplicate: Self.pairs([(0, 1), (1, 2), (5, 6), (7, 8), (8, 9)]),
        distinct: Self.pairs([(2, 5), (3, 4), (7, 9)])))
    #expect(implied.areSame(0, 2) == true && implied.duplicates(of: 1) == [0, 2])
    #expect(implied.areSame(0, 6) == false && implied.distinct(from: 1) == [5, 6])
    #expect(implied.areSame(4, 3) == false && implied.areSame(3, 3) == nil)
    #expect(implied.areSame(0, 3) == nil && implied.distinct(from: 10).isEmpty)
    // 7 and 9 are distinct, so neither is the same as 8.
    #expect(implied.areSame(7, 9) == false && implied.areSame(7, 8) == nil)
    #expect(implied.duplicates(of: 8).isEmpty)
  }

  @Test(arguments: Linkage.allCases)
  func `verdicts hold in every linkage, whatever the order of the pairs`(linkage: Linkage) {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<60 {
      let count = 30
      var pairs: [SimilarPair] = []
      for left in 0..<count {
        for right in left + 1..<count where Int.random(in: 0..<4, using: &random) == 0 {
          pairs.append(
            SimilarPair(left, right, score: Double(Int.random(in: 10...20, using: &random)) / 20))
        }
      }
      func some(_ most: Int) -> Set<ItemPair> {
        Self.pairs(
          (0..<most).map { _ in
            let left = Int.random(in: 0..<count - 1, using: &random)
            return (left, Int.random(in: left + 1..<count, using: &random))
          })
      }
      let duplicate = some(6)
      let verdicts = PairVerdicts(duplicate: duplicate, distinct: some(12).subtracting(duplicate))
      func groups(_ pairs: [SimilarPair]) -> [[Int]] {
        linkage.groups(
          of: pairs, threshold: 0.7, distinct: verdicts.distinct, joined: verdicts.joined)
      }
      let found = groups(pairs)
      let labels = GroupAgreement.labels(of: found, count: count)
      for set in verdicts.joined { #expect(Set(set.map { labels[$0] }).count == 1) }
      for pair in verdicts.distinct { #expect(labels[pair.left] != labels[pair.right]) }
      #expect(Set(found.joined()).count == found.joined().count)
      if linkage == .complete {
        let near = Set(pairs.filter { $0.score >= 0.7 }.map(\.key))
        let set = Dictionary(
          verdicts.joined.enumerated().flatMap { number, set in set.map { ($0, number) } },
          uniquingKeysWith: { first, _ in first })
        for group in found {
          for left in group {
            for right in group where left < right {
              let isJoined = set[left] != nil && set[left] == set[right]
              #expect(isJoined || near.contains(ItemPair(left, right)))
            }
          }
        }
      }
      #expect(groups(pairs.shuffled(using: &random)) == found)
    }
  }

  @Test func `a group without a link has no least similar one`() {
    let facts = GroupFacts(of: [1, 4], links: [])
    #expect(facts.minimum == nil && facts.diameter == nil && facts.representative == 1)
    #expect(GroupFacts(of: [1, 4], links: []) { _, _ in 0.5 }.diameter == 0.5)
    #expect(
      Linkage.complete.groups(of: [], threshold: 0.9, joined: [[4, 1], [2, 3, 5]])
        == [[2, 3, 5], [1, 4]])
  }
}
