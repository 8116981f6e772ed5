import ParallaxCore
import ParallaxEvaluation
import ParallaxTestSupport
import Testing

@Suite struct DifferenceTests {
  private func run(_ lists: [String: [(String, Double)]]) throws -> Run {
    try Run(lists.mapValues { $0.map { RankedItem(id: ItemID($0.0), score: $0.1) } })
  }

  @Test func `questions of one system alone do not count, and items that lists gained are first`()
    throws
  {
    let first = try run([
      "q1": [("a", 3), ("b", 2), ("c", 1)], "q2": [("a", 2), ("b", 1)], "q3": [("a", 1)], "q5": [],
    ])
    let second = try run([
      "q1": [("a", 9), ("d", 8), ("b", 7)], "q2": [("d", 2), ("a", 1)], "q4": [("a", 1)], "q5": [],
    ])
    let difference = RunDifference(first, second, top: 2)
    #expect(difference.lists.map(\.question) == ["q1", "q2"])
    #expect(difference.lists.map(\.overlap.overlap) == [0.5, 0.5])
    #expect(difference.onlyInFirst == ["q3"] && difference.onlyInSecond == ["q4"])
    #expect(difference.withoutItems == ["q5"])
    // d is new in two lists, b left both: ids decide.
    #expect(difference.items.map(\.item.rawValue) == ["b", "d", "a"])
    #expect(difference.items.map(\.change) == [-2, 2, 0])
    // Of q1 the whole lists have a and b in one order; of q2 there is one common item.
    #expect(difference.lists[0].correlation?.tau == 1 && difference.lists[1].correlation == nil)
  }

  @Test func `a threshold lets as many pairs through`() throws {
    let first = try run([
      "q": [("a", 0.9), ("b", 0.5), ("c", 0.4)], "r": [("a", 0.6), ("b", 0.1)],
    ])
    let second = try run(["q": [("a", 7), ("b", 5), ("c", 1)], "r": [("a", 6), ("b", 1)]])
    let same = try #require(ThresholdTranslation.sameAcceptance(first, second, threshold: 0.5))
    #expect(same.acceptedByFirst == 3 && same.second == 5 && same.acceptedBySecond == 3)
    #expect(!same.isCut && same.precision == nil)
    // The list of q, as long as lists are, ends above the threshold.
    #expect(ThresholdTranslation.sameAcceptance(first, second, threshold: 0.4)?.isCut == true)
    #expect(ThresholdTranslation.sameAcceptance(first, second, threshold: 1) == nil)
    let short = try run(["q": [("a", 1)], "r": []])
    #expect(ThresholdTranslation.sameAcceptance(first, short, threshold: 0.5) == nil)
  }

  @Test func `a threshold is as precise, as low as it can be`() throws {
    let judgements = Judgements(["q": ["a": 1, "b": 0, "c": 1], "r": ["a": 1]])
    let first = try run([
      "q": [("a", 0.9), ("b", 0.5), ("c", 0.4)], "r": [("a", 0.6), ("b", 0.1)],
    ])
    // At 0.5: a, a, b, so 2 of 3 are relevant.
    let second = try run(["q": [("a", 7), ("b", 6), ("c", 5)], "r": [("a", 4), ("b", 3)]])
    let same = try #require(
      ThresholdTranslation.samePrecision(first, second, threshold: 0.5, judgements))
    // 1/1, 1/2, 2/3, 3/4, 3/5: the lowest that is no worse is 4.
    #expect(isNear(same.precision, 2 / 3.0) && same.second == 4 && same.acceptedBySecond == 4)
    let worse = try run(["q": [("b", 9), ("a", 8)], "r": [("b", 7), ("a", 1)]])
    #expect(
      ThresholdTranslation.samePrecision(first, worse, threshold: 0.6, judgements) == nil)
    // Pairs of one score go together: b alone would not be let in without a.
    let tied = try run(["q": [("a", 5), ("b", 5)], "r": [("a", 1)]])
    let level = ThresholdTranslation.samePrecision(first, tied, threshold: 0.6, judgements)
    #expect(level == nil)
  }
}
