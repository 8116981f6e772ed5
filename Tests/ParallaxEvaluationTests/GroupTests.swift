import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxEvaluation

@Suite struct GroupTests {
  /// Lines of a kind in the fixture, as their cells.
  private static func lines(_ kind: String) throws -> [[String]] {
    let path = "\(TestData.packageRoot)/Tests/ParallaxEvaluationTests/Fixtures/groups.tsv"
    return try TestFiles.lines(of: path).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }.filter { $0[0] == kind }
  }

  private static func numbers(_ cell: String) -> [Double?] {
    cell.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
  }

  /// All pairs of some items from the upper triangle of their similarities.
  private static func pairs(_ count: Int, _ scores: [Double]) -> [SimilarPair] {
    var place = 0
    return (0..<count).flatMap { left in
      (left + 1..<count).map { right in
        defer { place += 1 }
        return SimilarPair(left, right, score: scores[place])
      }
    }
  }

  /// Pairs of clusters, with ties where scores are rounded.
  private static func random(_ count: Int, seed: UInt64, levels: Double = 20) -> [SimilarPair] {
    var random = SeededGenerator(seed: seed)
    let kinds = (0..<count).map { _ in Int.random(in: 0..<max(2, count / 5), using: &random) }
    return (0..<count).flatMap { left in
      (left + 1..<count).compactMap { right in
        let base = kinds[left] == kinds[right] ? 0.6 : 0.2
        let score = base + Double.random(in: 0..<0.4, using: &random)
        return score < 0.4
          ? nil : SimilarPair(left, right, score: (score * levels).rounded() / levels)
      }
    }
  }

  @Test func `complete linkage groups as SciPy does`() throws {
    for line in try Self.lines("linkage") {
      let count = try #require(Int(line[1]))
      let threshold = try #require(Double(line[2]))
      let pairs = Self.pairs(count, Self.numbers(line[3]).compactMap(\.self))
      let labels = Self.numbers(line[4])
      var wanted: [Double?: [Int]] = [:]
      for (item, label) in labels.enumerated() { wanted[label, default: []].append(item) }
      let groups = Linkage.complete.groups(of: pairs, threshold: threshold)
      #expect(Set(groups) == Set(wanted.values.filter { $0.count > 1 }), "\(line[1]), \(threshold)")
    }
  }

  @Test func `leaders are found as their definition says`() throws {
    for line in try Self.lines("leader") {
      let count = try #require(Int(line[1]))
      let threshold = try #require(Double(line[2]))
      let pairs = Self.pairs(count, Self.numbers(line[3]).compactMap(\.self))
      var wanted: [Double?: [Int]] = [:]
      for (item, leader) in Self.numbers(line[4]).enumerated() {
        wanted[leader, default: []].append(item)
      }
      let groups = Linkage.leader.groups(of: pairs, threshold: threshold)
      #expect(Set(groups) == Set(wanted.values.filter { $0.count > 1 }), "\(line[1]), \(threshold)")
    }
  }

  @Test(arguments: Linkage.allCases)
  func `groups do not depend on the order of the pairs`(linkage: Linkage) {
    var random = SeededGenerator(seed: 11)
    let pairs = Self.random(40, seed: 3)
    let distinct: Set = [ItemPair(0, 5), ItemPair(7, 3), ItemPair(20, 21)]
    let wanted = linkage.groups(of: pairs, threshold: 0.6, distinct: distinct)
    #expect(wanted.count > 1)
    for _ in 0..<500 {
      let shuffled = pairs.shuffled(using: &random).map {
        Bool.random(using: &random) ? $0 : SimilarPair($0.right, $0.left, score: $0.score)
      }
      #expect(linkage.groups(of: shuffled, threshold: 0.6, distinct: distinct) == wanted)
    }
  }

  @Test func `each linkage keeps its guarantee`() {
    for seed: UInt64 in 0..<20 {
      let pairs = Self.random(50, seed: seed)
      let known = Dictionary(uniqueKeysWithValues: pairs.map { ($0.key, $0.score) })
      for threshold in [0.4, 0.7, 0.9] {
        func near(_ left: Int, _ right: Int) -> Bool {
          left == right || known[ItemPair(left, right)].map { $0 >= threshold } ?? false
        }
        let complete = Linkage.complete.groups(of: pairs, threshold: threshold)
        for group in complete {
          #expect(group.allSatisfy { one in group.allSatisfy { near(one, $0) } })
          let facts = GroupFacts(of: group, links: pairs)
          #expect((facts.diameter ?? -1) >= threshold && facts.diameter == facts.minimum)
        }
        let stars = Linkage.star.groups(of: pairs, threshold: threshold)
        #expect(
          stars.allSatisfy { group in group.contains { c in group.allSatisfy { near(c, $0) } } })
        let led = Linkage.leader.groups(of: pairs, threshold: threshold)
        #expect(
          led.allSatisfy { group in group.contains { l in group.allSatisfy { near(l, $0) } } })
        let leaders = (0..<50).reduce(into: [Int]()) { leaders, item in
          if !leaders.contains(where: { near($0, item) }) { leaders.append(item) }
        }
        #expect(led.allSatisfy { $0.count(where: leaders.contains) == 1 })
        let whole = Linkage.components.groups(of: pairs, threshold: threshold)
        // What is similar is never apart; complete groups and stars lie within components.
        let labels = GroupAgreement.labels(of: whole, count: 50)
        #expect(
          pairs.allSatisfy { !near($0.left, $0.right) || labels[$0.left] == labels[$0.right] })
        for group in complete + stars + led { #expect(Set(group.map { labels[$0] }).count == 1) }
      }
    }
  }

  @Test func `a higher threshold refines components`() {
    let pairs = Self.random(60, seed: 8, levels: 100)
    var wider = GroupAgreement.labels(
      of: Linkage.components.groups(of: pairs, threshold: 0.4), count: 60)
    for threshold in stride(from: 0.45, through: 1, by: 0.05) {
      let groups = Linkage.components.groups(of: pairs, threshold: threshold)
      for group in groups { #expect(Set(group.map { wider[$0] }).count == 1) }
      wider = GroupAgreement.labels(of: groups, count: 60)
    }
  }

  @Test(arguments: Linkage.allCases)
  func `what is distinct is never in one group`(linkage: Linkage) {
    for seed: UInt64 in 0..<10 {
      let pairs = Self.random(40, seed: seed)
      let free = linkage.groups(of: pairs, threshold: 0.5)
      let distinct = Set(
        free.prefix(4).map { ItemPair($0[0], $0[$0.count - 1]) } + [ItemPair(1, 2)])
      for group in linkage.groups(of: pairs, threshold: 0.5, distinct: distinct) {
        #expect(!distinct.contains { group.contains($0.left) && group.contains($0.right) })
      }
    }
  }

  @Test func `a chain is three different things`() {
    let chain = (0..<5).map { SimilarPair($0, $0 + 1, score: 0.9) }
    #expect(Linkage.complete.groups(of: chain, threshold: 0.9) == [[0, 1], [2, 3], [4, 5]])
    #expect(Linkage.star.groups(of: chain, threshold: 0.9) == [[0, 1, 2], [3, 4]])
    #expect(Linkage.components.groups(of: chain, threshold: 0.9) == [[0, 1, 2, 3, 4, 5]])
    // 0, 2 and 4 lead; 5 follows 4, and 1 and 3 the lower of two that are as similar.
    #expect(Linkage.leader.groups(of: chain, threshold: 0.9) == [[0, 1], [2, 3], [4, 5]])
    for linkage in Linkage.allCases {
      #expect(linkage.groups(of: chain, threshold: 0.91).isEmpty)
      #expect(linkage.groups(of: [], threshold: 0).isEmpty)
    }
  }

  @Test func `facts of a group are those of its pairs`() {
    // Two triangles and the link between them.
    let links = [
      (0, 1, 0.95), (1, 2, 0.9), (0, 2, 0.92), (2, 3, 0.8), (3, 4, 0.9), (4, 5, 0.9), (3, 5, 0.9),
    ]
    .map { SimilarPair($0.0, $0.1, score: $0.2) }
    let group = Array(0..<6)
    let blind = GroupFacts(of: group, links: links)
    #expect(blind.diameter == nil && blind.minimum == 0.8)
    #expect(blind.bridges.map(\.key) == [ItemPair(2, 3)])
    let facts = GroupFacts(of: group, links: links.reversed()) { _, _ in 0.3 }
    #expect(facts.diameter == 0.3 && facts.representative == 2 && facts.bridges == blind.bridges)
    // Equal ones: the lowest.
    let even = GroupFacts(of: [4, 9], links: [SimilarPair(9, 4, score: 0.7)])
    #expect(even.representative == 4 && even.diameter == 0.7 && even.bridges.count == 1)
  }

  @Test func `bridges are the links without which a group falls apart`() {
    for seed: UInt64 in 0..<30 {
      let pairs = Self.random(25, seed: seed).filter { $0.score >= 0.55 }
      for group in Linkage.components.groups(of: pairs, threshold: 0.55) {
        let own = pairs.filter { group.contains($0.left) }
        let wanted = own.filter { link in
          Linkage.components.groups(of: own.filter { $0 != link }, threshold: 0.55) != [group]
        }
        #expect(Set(GroupFacts(of: group, links: pairs).bridges) == Set(wanted))
      }
    }
    let chain = (0..<20_000).map { SimilarPair($0, $0 + 1, score: 1) }
    #expect(GroupFacts(of: Array(0...20_000), links: chain).bridges.count == 20_000)
  }

  @Test func `a long list of pairs takes no square of time`() {
    // A hub with fifty thousand items, and cliques: what a look at all pairs of groups would not end with.
    let hub = (1...50_000).map { SimilarPair(0, $0, score: 0.9) }
    #expect(Linkage.complete.groups(of: hub, threshold: 0.9) == [[0, 1]])
    let cliques = (0..<200).flatMap { number in
      Self.pairs(16, Array(repeating: 0.9, count: 120)).map {
        SimilarPair(number * 16 + $0.left, number * 16 + $0.right, score: 0.9)
      }
    }
    let groups = Linkage.complete.groups(of: cliques, threshold: 0.9)
    #expect(groups.count == 200 && groups.allSatisfy { $0.count == 16 })
  }

  @Test func `agreement with true groups is that of other programs`() throws {
    for line in try Self.lines("agreement") {
      let (groups, truth) = (Self.numbers(line[1]), Self.numbers(line[2]))
      let wanted = Self.numbers(line[3])
      let found = GroupAgreement(
        groups: groups.map { Int($0 ?? -1) }, truth: truth.map { Int($0 ?? -1) })
      let values = [
        found.pairwise.precision, found.pairwise.recall, found.bCubed.precision,
        found.bCubed.recall,
      ]
      for (value, wanted) in zip(values, wanted) {
        #expect(wanted == nil ? value == nil : isNear(value, wanted ?? 0), "\(line)")
      }
    }
    let none = GroupAgreement(groups: [], truth: [])
    #expect(none.bCubed.f1 == nil && none.pairwise.f1 == nil)
    #expect(PrecisionRecall(precision: 0.5, recall: 1).f1 == 2 / 3.0)
    #expect(PrecisionRecall(precision: 0, recall: 0).f1 == 0)
    #expect(GroupAgreement.labels(of: [[1, 3]], count: 4) == [0, 4, 2, 4])
  }

  @Test func `labelled pairs are ranked as other programs rank them`() throws {
    for line in try Self.lines("ranking") {
      let scores = Self.numbers(line[1]).compactMap(\.self)
      let labels = Self.numbers(line[2]).map { $0 == 1 }
      let wanted = Self.numbers(line[3])
      let ranking = PairRanking(zip(scores, labels).map { (score: $0, isDuplicate: $1) })
      #expect(isNear(ranking.microAP, wanted[0] ?? 0), "\(line)")
      let recall = try #require(ranking.recall(atPrecision: 0.9))
      #expect(isNear(recall.recall, wanted[1] ?? 0) && recall.threshold == wanted[2], "\(line)")
      if let threshold = recall.threshold {
        let there = ranking.precisionRecall(at: threshold)
        #expect((there.precision ?? 0) >= 0.9 && isNear(there.recall, recall.recall))
      }
    }
    let missing = PairRanking([(0.9, true), (0.8, false)], missing: 1)
    #expect(missing.microAP == 0.5 && missing.recall(atPrecision: 0.9)?.recall == 0.5)
    #expect(PairRanking([(0.9, false)]).microAP == nil)
  }
}
