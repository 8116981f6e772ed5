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
    let run = try Run([
      "q1": [RankedItem(id: "a", score: 1), RankedItem(id: "b", score: 0.5)],
      "q2": [RankedItem(id: "a", score: 1)],
    ])
    let judgements = Judgements(["q1": ["a": 1, "b": 1, "c": 0], "q3": ["a": 1]])
    let own: [String: Set<ItemID>] = ["q1": ["a", "copy of a"], "q3": ["a"], "q4": ["b"]]
    let questions = JudgedQuestions(judgements, leavingOut: own)
    #expect(questions.leftOut == 2 && questions.withoutRelevant == ["q3"])
    let judged = JudgedRun(run, questions)
    #expect(judged.questions == ["q1", "q3"] && judged.leftOut == 1)
    #expect(judged.unjudged == ["q2"] && judged.unanswered == ["q3"])
    #expect(judged.rankings[0].grades == [1] && Array(judged.rankings[0].judged) == [1, 0])
    #expect(judged.score(try NamedMetric("recall@1")).byQuestion == [1, 0])
    let kept = JudgedRun(run, judgements)
    #expect(kept.leftOut == 0 && kept.rankings[0].grades == [1, 1])
  }

  @Test func `a rule judges the items that it does not name`() throws {
    let run = try Run(["q": ["a", "b", "c"].map { RankedItem(id: $0, score: 1) }])
    let some = Judgements(["q": ["b": 1]])
    let all = Judgements(["q": ["b": 1]], ofAll: 10)
    #expect(JudgedRun(run, some).rankings[0].nonRelevantCount == 0)
    let ranking = JudgedRun(run, all).rankings[0]
    #expect(ranking.nonRelevantCount == 9 && ranking.relevantCount == 1)
    #expect(ranking.grades == [0, 1, 0])
    for (judgements, judged, bpref) in [(some, 1.0 / 3, 1.0), (all, 1, 0)] {
      let run = JudgedRun(run, judgements)
      #expect(run.score(try NamedMetric("judged@3")).value == judged)
      #expect(run.score(try NamedMetric("bpref")).value == bpref)
      #expect(run.judgedShare(first: 2) == (judgements.itemCount == nil ? 0.5 : 1))
    }
    let without = JudgedQuestions(all, leavingOut: ["q": ["a", "b"]])
    #expect(Array(JudgedRun(run, without).rankings[0].judged) == [Int](repeating: 0, count: 8))
  }

  @Test func `some questions of a run are judged as the same`() throws {
    let pair = RandomPair(seed: 3)
    let run = JudgedRun(try pair.run(), pair.judgements)
    let places = Array(run.questions.indices.dropFirst())
    let some = run.keeping(places)
    let metric = try NamedMetric("ap")
    #expect(!places.isEmpty && some.questions == places.map { run.questions[$0] })
    let values = try #require(run.score(metric).byQuestion)
    #expect(some.score(metric).byQuestion == places.map { values[$0] })
  }

  @Test func `questions are in byte order`() {
    let judgements = Judgements(["q10": [:], "q2": [:], "É": [:], "Q": [:]])
    #expect(judgements.questions == ["Q", "q10", "q2", "É"])
  }
}

@Suite struct ItemGradesTests {
  @Test func `a set of items is the same as grades of 1`() throws {
    let items = JudgedItems(["a", "b", "c", "d"])
    let some = ItemGrades(relevant: RowSet(capacity: 4, rows: [1, 3]), among: items)
    let given: ItemGrades = ["b": 1, "d": 1]
    #expect(some == given && given == some && some.all == ["b": 1, "d": 1])
    #expect(some["b"] == 1 && some["a"] == nil && some["zz"] == nil)
    #expect(some.count == 2 && !some.isEmpty && some.keys.sorted() == ["b", "d"])
    #expect(some != ItemGrades(relevant: RowSet(capacity: 4, rows: [1]), among: items))
    #expect(ItemGrades(relevant: RowSet(capacity: 4), among: items).isEmpty)
    for (own, grades) in [([], [1, 1, 0, 0]), (["b", "a", "zz"], [1, 0])] as [(Set<ItemID>, [Int])]
    {
      let judged = JudgedQuestions(Judgements(["q": some], ofAll: 4), leavingOut: ["q": own])
      #expect(Array(JudgedRun(try Run([:]), judged).rankings[0].judged) == grades)
    }
  }
}
