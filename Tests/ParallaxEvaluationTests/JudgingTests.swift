import ParallaxCore
import ParallaxEvaluation
import ParallaxStatistics
import ParallaxTestSupport
import Testing

@Suite struct AnswerPoolTests {
  private func run(_ lists: [String: [String]]) throws -> Run {
    try Run(
      lists.mapValues { items in
        items.enumerated().map { RankedItem(id: ItemID($1), score: -Double($0)) }
      })
  }

  @Test func `the order is the one that was worked out elsewhere`() throws {
    for row in try NumberTable("pool.tsv", of: "ParallaxEvaluationTests").rows {
      let runs = try (0..<3).map { number in
        let lists = try row.text("run\(number)").split(separator: ";").map { list in
          let parts = list.split(separator: ":").map(String.init)
          return (parts[0], parts[1].split(separator: ",").map(String.init))
        }
        return try run(Dictionary(uniqueKeysWithValues: lists))
      }
      let pool = AnswerPool(runs, depth: 20, seed: UInt64(try row.count("seed")))
      #expect(
        pool.pairs.map { "\($0.question)/\($0.item)" }
          == (try row.text("order").split(separator: " ").map(String.init)))
      #expect(pool.pairs.map { Double($0.round) } == (try row.numbers("round")))
      for (pair, expected) in zip(pool.pairs, try row.numbers("disagreement")) {
        #expect(abs(pair.disagreement - expected) < 1e-11, "\(pair)")
      }
    }
  }

  @Test func `by hand: who has it first, and who has it not at all`() throws {
    let one = try run(["q": ["a", "b", "c"]])
    let other = try run(["q": ["b", "a", "d"]])
    let pool = AnswerPool([one, other], depth: 3, seed: 1)
    // 1 / log2(2) - 1 / log2(3), and 1 / log2(4) - 0.
    let swapped = 1 - 0.630_929_753_571
    let expected = ["a": swapped, "b": swapped, "c": 0.5, "d": 0.5]
    #expect(pool.pairs.count == 4)
    for pair in pool.pairs {
      #expect(abs(pair.disagreement - (expected[pair.item.rawValue] ?? -1)) < 1e-11)
    }
    // At a depth of one, each has what the other has not; what is the question counts for nobody.
    #expect(
      Set(AnswerPool([one, other], depth: 1, seed: 1).pairs.map(\.item.rawValue)) == ["a", "b"])
    #expect(
      Set(
        AnswerPool([one, other], depth: 1, seed: 1, leavingOut: ["q": ["a"]]).pairs
          .map(\.item.rawValue)) == ["b"])
  }

  @Test func `an order does not depend on other questions, and a seed changes it`() throws {
    let items = (1...30).map { "i\($0)" }
    let alone = AnswerPool([try run(["q1": items])], depth: 30, seed: 4)
    let both = AnswerPool([try run(["q1": items, "q2": items])], depth: 30, seed: 4)
    #expect(both.pairs.filter { $0.question == "q1" } == alone.pairs)
    #expect(Set(alone.pairs.map(\.item.rawValue)) == Set(items))
    #expect(AnswerPool([try run(["q1": items])], depth: 30, seed: 5).pairs != alone.pairs)
    // Every question has its first items before any has its next.
    #expect(both.pairs.map(\.round) == both.pairs.map(\.round).sorted())
    #expect(both.pairs.filter { $0.round == 0 }.count == 2 * AnswerPool.round)
    #expect(AnswerPool([try run([:])], depth: 20, seed: 1).pairs.isEmpty)
  }
}

@Suite struct GradeAgreementTests {
  @Test func `values are those of scikit-learn and krippendorff, intervals near those of SciPy`()
    throws
  {
    for row in try NumberTable("agreement.tsv", of: "ParallaxEvaluationTests").rows {
      let judges = try ["one", "other", "third"].map { try row.numbers($0).map { Int($0) } }
      var (table, all) = (GradeTable(), GradeReliability())
      for (place, question) in try row.numbers("question").enumerated() {
        let question = "q\(Int(question))"
        table.add(judges[0][place], judges[1][place], for: question)
        all.add(judges.map { $0[place] }.filter { $0 >= 0 }, for: question)
      }
      func isExpected(_ value: Double?, _ column: String, _ tolerance: Double = 1e-11) throws {
        let expected = try row.number(column)
        guard !expected.isNaN else { return }
        #expect(abs((value ?? .nan) - expected) < tolerance, "\(column) of \(row)")
      }
      try isExpected(table.kappa(.equal), "kappa")
      try isExpected(table.kappa(.quadratic), "weighted")
      try isExpected(all.alpha, "alpha")
      // Other resamples, and percentiles expanded for few questions.
      guard table.questionCount > 20 else { continue }
      let weighted = try table.interval(of: .quadratic, seed: 1)
      try isExpected(weighted?.low, "low", 0.02)
      try isExpected(weighted?.high, "high", 0.02)
      let reliable = try all.interval(seed: 1)
      try isExpected(reliable?.low, "alpha_low", 0.02)
      try isExpected(reliable?.high, "alpha_high", 0.02)
    }
  }

  @Test func `what is not defined has no value`() throws {
    var (table, all) = (GradeTable(), GradeReliability())
    #expect(table.same == nil && table.kappa(.equal) == nil && all.alpha == nil)
    for question in ["a", "b"] {
      table.add(3, 3, for: question)
      all.add([3, 3, 3], for: question)
      all.add([1], for: question)
    }
    #expect(table.same == 1 && table.count == 2 && table.questionCount == 2)
    #expect(table.kappa(.equal) == nil && table.kappa(.quadratic) == nil && all.alpha == nil)
    #expect(try table.interval(of: .equal, seed: 1) == nil)
    #expect(all.count == 2)
    table.add(0, 3, for: "b")
    #expect(table.kappa(.equal) == 0)
  }
}
