import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

@Suite struct RerankingTests {
  private static func matrix(_ rows: [[Float]]) -> VectorMatrix {
    VectorMatrix(rowCount: rows.count, dimension: rows[0].count) { values in
      for (place, value) in rows.joined().enumerated() { values[place] = value }
    }
  }

  @Test func `scores and orders are those that NumPy computes`() throws {
    let cases = try RerankingCase.all()
    #expect(cases.count == 200)
    var compared = 0
    for (number, one) in cases.enumerated() {
      for (method, scores) in try one.scores() {
        let wanted = try #require(one.wanted[method])
        let name = "\(method) of case \(number), \(one)"
        #expect(scores.count == wanted.scores.count, "\(name)")
        for (score, number) in zip(scores, wanted.scores) {
          #expect(isNear(score, number, 1e-10), "\(name)")
        }
        #expect(places(scores) == wanted.order, "\(name)")
        compared += 1
      }
    }
    #expect(compared == 800)
  }

  @Test func `the cases have ties, copies and lists of every length`() throws {
    let cases = try RerankingCase.all()
    func count(_ suits: (RerankingCase) -> Bool) -> Int { cases.count(where: suits) }
    for method in ["aqe", "k_reciprocal", "inverted_softmax", "csls"] {
      let tied = count {
        guard let scores = $0.wanted[method]?.scores else { return false }
        return Set(scores).count < scores.count
      }
      let moved = count { ($0.wanted[method]?.order).map { $0 != $0.sorted() } ?? false }
      #expect(tied >= 60 && moved >= 60, "\(method)")
    }
    #expect(count { $0.list.count == 1 } >= 20)
    #expect(count { $0.list.count > $0.parameters.k1 + 1 } >= 30)
    #expect(count { $0.list.count < $0.parameters.n } >= 60)
    #expect(count { $0.is_active } >= 50 && count { !$0.is_active } >= 20)
    #expect(count { $0.own != nil } >= 50)
    #expect(count { $0.rows.contains { $0.allSatisfy { $0 == 0 } } } >= 15)
  }

  @Test func `the nearest rows of a bank are those of NumPy`() throws {
    for one in try RerankingCase.all() {
      let matrix = one.matrix
      let own = try one.bank.map {
        try RankedVectors(question: $0, rows: Array(one.rows.indices), of: matrix).nearestFirst
      }
      #expect(own.map { Array($0.prefix(one.parameters.depth)) } == one.firsts)
    }
  }

  @Test func `every bit is the same on all processors and with any number of threads`() throws {
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    for one in try RerankingCase.all() {
      let scores = try one.scores(threads: 1)
      for method in scores.keys.sorted() {
        for score in scores[method] ?? [] {
          digest = (digest ^ score.bitPattern) &* 0x100_0000_01b3
        }
      }
      #expect(try one.scores(threads: 3) == scores)
    }
    #expect(digest == 0x1cc18b6610f710fa)
    // Large enough for several threads.
    let matrix = Samples.matrix(rows: 40, dimension: 64, seed: 3)
    let bank = try QuestionBank(
      (0..<2_000).map { Samples.vector(64, seed: UInt64($0) + 50) }, dimension: 64)
    let near = [1, 2, 5].map {
      bank.nearness(
        of: Array(0..<40), in: matrix, beta: 20, neighbours: 11, threads: $0)
    }
    #expect(near[0] == near[1] && near[0] == near[2])
    #expect(near[0].allSatisfy { $0.nearest.count == 11 })
    // What one row gets does not depend on the others.
    #expect(
      bank.nearness(of: [17], in: matrix, beta: 20, neighbours: 11) == [near[0][17]])
  }

  @Test func `a question of its own bank changes scores but no order`() throws {
    for one in try RerankingCase.all() where one.own == nil && one.kind == "plain" {
      let matrix = one.matrix
      let list = try RankedVectors(question: one.question, rows: one.list, of: matrix)
      let scores = try [one.bank, one.bank + [one.question]].map { bank in
        let near = try QuestionBank(bank, dimension: matrix.dimension).nearness(
          of: one.list, in: matrix, beta: 20, neighbours: 1)
        return InvertedSoftmax.scores(of: list, nearness: near) { _ in true }
      }
      #expect(places(scores[0]) == places(scores[1]))
      #expect(scores[1].allSatisfy { $0 > 0 && $0 < 1 } && scores[0] != scores[1])
    }
  }

  @Test func `a question finds its cluster through its first answers`() throws {
    // The answers spread away from the question; what lies near all of them is one of them.
    let matrix = Self.matrix([[1, 0.5, 0], [1, 0.6, 0], [1, 0, 0.7], [1, 0.9, 0]])
    let list = try RankedVectors(question: [1, 0, 0], rows: [0, 1, 2, 3], of: matrix)
    #expect(places(list.cosines) == [0, 1, 2, 3])
    let scores = try QueryExpansion.scores(of: list, count: 2)
    #expect(places(scores) == [0, 1, 3, 2])
  }

  @Test func `what has no direction is refused in a question and last in a list`() throws {
    let matrix = Self.matrix([[0, 0], [1, 1], [0, 1]])
    for question: [Float] in [[0, 0], [1, .nan], [1, 2, 3]] {
      #expect(throws: ParallaxError.self) {
        try RankedVectors(question: question, rows: [1], of: matrix)
      }
      #expect(throws: ParallaxError.self) { try QuestionBank([question], dimension: 2) }
    }
    #expect(throws: ParallaxError.self) { try QuestionBank([], dimension: 2) }
    let list = try RankedVectors(question: [1, 0.5], rows: [0, 1, 2], of: matrix)
    #expect(list.cosines[0] == 0)
    #expect(try places(QueryExpansion.scores(of: list)).last == 0)
  }

  @Test func `an expanded question that cancels out is refused`() throws {
    let list = try RankedVectors(
      question: [2, 0], rows: [0], of: Self.matrix([[-1, 0]]))
    let error = #expect(throws: ParallaxError.self) {
      try QueryExpansion.scores(of: list, alpha: 0)
    }
    #expect(error?.message.contains("cancel out") == true)
    // With a weight for it, the opposite counts nothing.
    #expect(try QueryExpansion.scores(of: list, alpha: 3) == [-1])
  }

  @Test func `an empty list has no scores`() throws {
    let matrix = Self.matrix([[1, 0]])
    let list = try RankedVectors(question: [1, 0], rows: [], of: matrix)
    #expect(try QueryExpansion.scores(of: list).isEmpty)
    #expect(ReciprocalNeighbours.scores(of: list).isEmpty)
    #expect(CrossDomainScaling.scores(of: list, nearness: []).isEmpty)
    #expect(InvertedSoftmax.scores(of: list, nearness: []) { _ in true }.isEmpty)
  }
}
