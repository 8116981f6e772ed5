import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxEvaluation

/// Measures of pairs where true groups count several times: as if their copies stood there.
@Suite struct DrawnPairTests {
  private struct Sample {
    var truth: [Int]
    var groups: [Int]
    var scores: [ItemPair: Double]

    init(seed: UInt64) {
      var random = SeededGenerator(seed: seed)
      let count = 12
      // Numbered as they come.
      var kinds: [Int: Int] = [:]
      truth = (0..<count).map { _ in
        let kind = Int.random(in: 0..<5, using: &random)
        if kinds[kind] == nil { kinds[kind] = kinds.count }
        return kinds[kind] ?? 0
      }
      groups = (0..<count).map { _ in Int.random(in: 0..<4, using: &random) }
      scores = [:]
      for left in 0..<count {
        for right in left + 1..<count {
          scores[ItemPair(left, right)] = Double(Int.random(in: 0..<12, using: &random)) / 4
        }
      }
    }

    /// The items of a draw: the true group of each, which draw of it, and the item.
    func drawn(_ counts: [Int]) -> [(item: Int, truth: Int)] {
      var next = 0
      return counts.enumerated().flatMap { kind, count in
        (0..<count).flatMap { _ in
          defer { next += 1 }
          return truth.indices.filter { truth[$0] == kind }.map { (item: $0, truth: next) }
        }
      }
    }
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `a group drawn twice is two groups`(seed: UInt64) throws {
    let sample = Sample(seed: seed)
    var random = SeededGenerator(seed: seed + 50)
    let kinds = (sample.truth.max() ?? 0) + 1
    let counts = (0..<kinds).map { _ in Int.random(in: 0...2, using: &random) }
    let drawn = sample.drawn(counts)
    var pairs: [(score: Double, isDuplicate: Bool)] = []
    for (place, one) in drawn.enumerated() {
      for other in drawn[(place + 1)...] where one.item != other.item {
        let isOne = sample.truth[one.item] == sample.truth[other.item]
        // Copies of one group do not meet.
        guard !isOne || one.truth == other.truth else { continue }
        pairs.append((sample.scores[ItemPair(one.item, other.item)] ?? 0, isOne))
      }
    }
    let whole = PairRanking(
      sample.scores.map { pair, score in
        PairRanking.Pair(
          score: score, left: sample.truth[pair.left], right: sample.truth[pair.right],
          isDuplicate: sample.truth[pair.left] == sample.truth[pair.right])
      }, missing: Array(repeating: 0, count: kinds))
    let wanted = PairRanking(pairs)
    #expect(whole.microAP(counts) == wanted.microAP)
    #expect(
      whole.recall(atPrecision: 0.5, counts)?.recall
        == wanted.recall(atPrecision: 0.5)?.recall)
    #expect(whole.best(counts)?.f1 == wanted.best()?.f1)
    #expect(whole.precisionRecall(at: 1.5, counts) == wanted.precisionRecall(at: 1.5))
    // Groups: the items of another draw of the same true group are in none of its groups.
    let overlap = GroupOverlap(groups: sample.groups, truth: sample.truth)
    let found = overlap.agreement(counts)
    var (right, claimed, true_) = (0, 0, 0)
    var (precision, recall) = (0.0, 0.0)
    for one in drawn {
      var (together, both, same) = (0, 0, 0)
      for other in drawn {
        let isOne = one.truth == other.truth
        guard isOne || sample.truth[one.item] != sample.truth[other.item] else { continue }
        let isTogether = sample.groups[one.item] == sample.groups[other.item]
        together += isTogether ? 1 : 0
        same += isOne ? 1 : 0
        both += isTogether && isOne ? 1 : 0
      }
      precision += Double(both) / Double(together)
      recall += Double(both) / Double(same)
      right += both - 1
      claimed += together - 1
      true_ += same - 1
    }
    let count = Double(drawn.count)
    if drawn.isEmpty {
      #expect(found.bCubed.f1 == nil)
    } else {
      #expect(isNear(found.bCubed.precision, precision / count))
      #expect(isNear(found.bCubed.recall, recall / count))
    }
    #expect(found.pairwise.precision == (claimed > 0 ? Double(right) / Double(claimed) : nil))
    #expect(found.pairwise.recall == (true_ > 0 ? Double(right) / Double(true_) : nil))
  }

  @Test func `the best threshold is the highest of equal ones, and the curve has each duplicate`() {
    let ranking = PairRanking([
      (0.9, true), (0.8, false), (0.8, true), (0.7, false), (0.6, true), (0.5, false),
    ])
    let curve = ranking.curve
    #expect(curve.map(\.threshold) == [0.9, 0.8, 0.6])
    #expect(curve.map(\.precision) == [1, 2 / 3.0, 3 / 5.0])
    #expect(ranking.best()?.threshold == 0.6 && isNear(ranking.best()?.f1, 0.75))
    #expect(PairRanking([(0.9, false)]).best() == nil)
    let agreement = GroupAgreement(groups: [0, 0, 1, 2, 2], truth: [0, 0, 0, 1, 2])
    #expect(agreement.overMerged == 1 && agreement.split == 1)
  }
}
