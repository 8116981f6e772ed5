import ParallaxCore
import ParallaxEvaluation
import Testing

@Suite struct RunTests {
  @Test func `equal scores are in trec_eval's order, by falling id`() throws {
    let run = try Run([
      "q": [
        RankedItem(id: "a", score: 0.5), RankedItem(id: "Z", score: 0.5),
        RankedItem(id: "é", score: 0.5), RankedItem(id: "m", score: 0.7),
        RankedItem(id: "a1", score: 0.5),
      ]
    ])
    #expect(run.lists["q"]?.map(\.id) == ["m", "é", "a1", "a", "Z"])
    #expect(run.depth == 5)
  }

  @Test func `an item twice and a score that is no number are refused`() throws {
    let twice = try #require(throws: ParallaxError.self) {
      try Run(["q": [RankedItem(id: "a", score: 1), RankedItem(id: "a", score: 2)]])
    }
    #expect(twice.message == "'a' is listed twice for question 'q'")
    let none = try #require(throws: ParallaxError.self) {
      try Run(["q": [RankedItem(id: "a", score: .nan)]])
    }
    #expect(none.message == "a score is a finite number; 'a' has nan for question 'q'")
    #expect(none.code == .invalidValue)
  }

  @Test func `the item that is the question leaves both sides`() throws {
    var run = try Run([
      "q1": [RankedItem(id: "a", score: 1), RankedItem(id: "b", score: 0.5)],
      "q2": [RankedItem(id: "a", score: 1)],
    ])
    var judgements = Judgements(["q1": ["a": 1, "b": 1], "q3": ["a": 1]])
    let own: [String: Set<ItemID>] = ["q1": ["a", "copy of a"], "q3": ["a"], "q4": ["b"]]
    #expect(run.remove(own) == 1 && judgements.remove(own) == 2)
    #expect(run.lists["q1"]?.map(\.id) == ["b"] && run.lists["q2"]?.count == 1)
    #expect(judgements.grades == ["q1": ["b": 1], "q3": [:]] && judgements.count == 1)
    #expect(JudgedRun(run, judgements).questions == ["q1", "q3"])
  }

  @Test func `questions are in byte order`() {
    let judgements = Judgements(["q10": [:], "q2": [:], "É": [:], "Q": [:]])
    #expect(judgements.questions == ["Q", "q10", "q2", "É"])
  }
}
