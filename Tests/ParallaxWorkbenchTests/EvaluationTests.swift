import ParallaxCore
import ParallaxEvaluation
import ParallaxStatistics
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

/// Values, slices and what is left out; differences are in ComparisonTests.
@Suite struct EvaluationTests {
  private func evaluation(_ request: EvaluationRequest) throws -> Evaluation {
    try Evaluator(request, { _ in }).evaluation()
  }

  private static let judgements = Judgements([
    "q1": ["a": 2, "b": 0, "c": 1, "d": 3, "e": -1], "q2": ["a": 1, "x": 1], "q3": ["a": 0],
    "q4": ["z": 1],
  ])

  private func golden() throws -> SystemRun {
    SystemRun(
      name: "r",
      run: try Run([
        "q1": [("a", 0.9), ("b", 0.9), ("c", 0.9), ("u", 0.5)].map(RankedItem.init),
        "q2": [("y", 0.9), ("a", 0.8)].map(RankedItem.init),
        "q3": [RankedItem(id: "a", score: 0.9)], "q9": [RankedItem(id: "a", score: 0.9)],
      ]))
  }

  @Test func `values are trec_eval's, with all that does not match counted`() throws {
    let found = try evaluation(try .quick([golden()], Self.judgements, "ap", "ndcg@10"))
    #expect(isNear(found.row(measure: 0, system: 0).score.value, 0.2014, 5e-5))
    #expect(isNear(found.row(measure: 1, system: 0).score.value, 0.2017, 5e-5))
    #expect(found.questions == ["q1", "q2", "q3", "q4"] && found.withoutRelevant == ["q3"])
    #expect(found.systems[0].unanswered == ["q4"] && found.systems[0].unjudged == ["q9"])
    #expect(found.systems[0].leftOut == 0 && found.familySize == 0)
    // Of seven answers to judged questions, c, b, a; a; a.
    #expect(isNear(found.systems[0].judgedShare, 5 / 7.0))
    let interval = try #require(found.row(measure: 0, system: 0).interval)
    #expect(interval.low < 0.2 && interval.high > 0.2)
    var request = try EvaluationRequest.quick([golden()], Self.judgements, "ap")
    request.dropsEmpty = true
    let some = try evaluation(request)
    #expect(some.questions == ["q1", "q2", "q4"] && some.withoutRelevant == ["q3"])
    #expect(isNear(some.row(measure: 0, system: 0).score.value, 0.2014 * 4 / 3, 1e-4))
  }

  @Test func `the item that is the question is left out on both sides`() throws {
    // What a run from elsewhere asks is not known, but that an item is the question of its id.
    let lists = ["a": ["a", "b", "c"], "t": ["t", "b"]]
    let judgements = Judgements(["a": ["a": 1, "c": 1], "t": ["b": 1]])
    let foreign = try SystemRun.ranked("x.run", lists)
    let left = try evaluation(try .quick([foreign], judgements, "mrr"))
    #expect(left.systems[0].leftOut == 2)
    #expect(left.row(measure: 0, system: 0).score.byQuestion == [0.5, 1])
    var request = try EvaluationRequest.quick([foreign], judgements, "mrr")
    request.keepsOwn = true
    let kept = try evaluation(request)
    #expect(kept.systems[0].leftOut == 0)
    #expect(kept.row(measure: 0, system: 0).score.byQuestion == [1, 0.5])
    // Without a collection an item is known by what the questions ask by.
    let byItem = try SystemRun.ranked(
      "x.run", lists,
      asked: [
        Question("a", text: "a text"),
        Question(
          id: "t",
          terms: [Query.Term(.item("b"), label: "like", parameter: "queries")]),
      ])
    let asked = try evaluation(try .quick([byItem], judgements, "mrr"))
    #expect(asked.row(measure: 0, system: 0).score.byQuestion == [1, 0])
    #expect(asked.systems[0].leftOut == 2)
    // A system that knows its questions says it for all: these are texts, and one asks by an item.
    var known = try SystemRun.ranked(
      "q", lists, asked: [Question("a", text: "red"), Question("t", text: "blue")])
    known.own = ["a": ["c"]]
    let both = try evaluation(try .quick([known, foreign], judgements, "mrr"))
    #expect(both.systems.map(\.leftOut) == [1, 1])
    #expect(both.row(measure: 0, system: 1).score.byQuestion == [1, 0.5])
  }

  private static let asked: [Question] = (0..<24).map { number in
    let size: Value = number % 12 < 6 ? .integer(Int64(number % 2) * 7 + 2) : .null
    return Question(
      "q\(number)", text: "text \(number)",
      ["size": size, "object": .integer(Int64(number / 4))])
  }

  /// The relevant item `r` at some rank.
  private func lists(_ rank: (Int) -> Int) -> [String: [String]] {
    Dictionary(
      uniqueKeysWithValues: (0..<24).map { number in
        ("q\(number)", (1...5).map { $0 == rank(number) ? "r" : "n\($0)" })
      })
  }

  private static let simple = Judgements(
    Dictionary(uniqueKeysWithValues: (0..<24).map { ("q\($0)", ["r": 1]) }))

  @Test func `slices are the values of a column, numbers by size, and nothing last`() throws {
    let run = try SystemRun.ranked("q", lists { $0 % 5 + 1 }, asked: Self.asked)
    var request = try EvaluationRequest.quick([run], Self.simple, "mrr", "success@1")
    request.by = "size"
    let found = try evaluation(request)
    #expect(found.slices.map(\.label) == [nil, "2", "9", "no size"])
    #expect(found.slices.map(\.places.count) == [24, 6, 6, 12])
    #expect(found.slices.map(\.isTested) == [true, false, false, true])
    let all = try #require(found.row(measure: 0, system: 0).score.byQuestion)
    for slice in 1...3 {
      let places = found.slices[slice].places
      let mean = places.map { all[$0] }.reduce(0, +) / Double(places.count)
      let row = found.row(slice: slice, measure: 0, system: 0)
      #expect(isNear(row.score.value, mean, 1e-12))
      #expect((row.interval != nil) == found.slices[slice].isTested)
    }
    #expect(found.rows.map(\.slice) == [0, 0, 1, 1, 2, 2, 3, 3])
  }

  @Test func `questions of a cluster are drawn together`() throws {
    // Within a cluster all have the same value: six units, not 24.
    let run = try SystemRun.ranked("q", lists { $0 / 4 % 5 + 1 }, asked: Self.asked)
    var request = try EvaluationRequest.quick([run], Self.simple, "mrr", "micro-ap")
    let plain = try evaluation(request)
    request.clusterBy = "object"
    let clustered = try evaluation(request)
    #expect(clustered.clusterCount == 6)
    for measure in 0...1 {
      let rows = [plain, clustered].map { $0.row(measure: measure, system: 0) }
      #expect(rows[0].score == rows[1].score)
      let widths = try rows.map { try #require($0.interval) }.map { $0.high - $0.low }
      #expect(widths[1] > 1.5 * widths[0])
    }
    request.clusterBy = "size"
    // Two values, and twelve questions without one.
    #expect(try evaluation(request).clusterCount == 14)
  }

  @Test func `columns that are not there, and questions that nobody answered, are refused`() throws
  {
    let run = try SystemRun.ranked("q", lists { _ in 1 }, asked: Self.asked)
    var request = try EvaluationRequest.quick([run], Self.simple, "mrr")
    request.by = "sise"
    let unknown = try #require(throws: ParallaxError.self) { try evaluation(request) }
    #expect(unknown.message == "the questions have no column 'sise'")
    #expect(unknown.hint == "did you mean 'size'?" && unknown.parameter?.name == "by")
    request.by = nil
    request.clusterBy = "kind"
    let other = try #require(throws: ParallaxError.self) { try evaluation(request) }
    #expect(other.hint == "they have object, size" && other.parameter?.name == "cluster-by")
    var foreign = try EvaluationRequest.quick(
      [try .ranked("x.run", ["q1": ["r"]])], Self.simple, "mrr")
    foreign.by = "size"
    let none = try #require(throws: ParallaxError.self) { try evaluation(foreign) }
    #expect(none.message == "--by needs the columns of the questions, which are not known")
    let stranger = try EvaluationRequest.quick(
      [try .ranked("x.run", ["1": ["r"]])], Self.simple, "mrr")
    let mismatch = try #require(throws: ParallaxError.self) { try evaluation(stranger) }
    #expect(
      mismatch.message
        == "none of the judged questions was answered: the judgements have 'q0', 'x.run' has '1'")
    #expect(mismatch.parameter?.name == "qrels")
  }
}
