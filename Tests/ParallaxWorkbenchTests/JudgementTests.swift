import ParallaxConditions
import ParallaxCore
import ParallaxEvaluation
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

/// Judgements from files and by a rule.
@Suite struct JudgementTests {
  private struct Made {
    var set: JudgementSet
    var warnings: [String]
  }

  private func made(
    _ source: JudgementSource, _ systems: [SystemRun], _ bench: VectorBench
  ) async throws -> Made {
    let warnings = Mutex<[String]>([])
    let set = try await bench.bench.judgements(from: source, for: systems) { event in
      if case .warning(let text) = event { warnings.withLock { $0.append(text) } }
    }
    return Made(set: set, warnings: warnings.withLock { $0 })
  }

  private func refusal(
    _ source: JudgementSource, _ systems: [SystemRun], _ bench: VectorBench
  ) async throws -> ParallaxError {
    try #require(
      await #expect(throws: ParallaxError.self) {
        _ = try await made(source, systems, bench)
      })
  }

  /// A system over a collection `c` of the items a, b and c, with the numbers 0, 1 and 2.
  private func system(_ bench: VectorBench, _ asked: [Question] = []) async throws -> SystemRun {
    let space = try await bench.space("c", [("a", [1, 0]), ("b", [0, 1]), ("c", [1, 1])])
    var system = try SystemRun.ranked("c@base", ["q1": ["a"]], asked: asked)
    system.collection = space.collection
    return system
  }

  @Test func `files of every form, and folders of BEIR`() async throws {
    try await VectorBench.inNewFolder { bench in
      let folder = bench.folder
      try TestFiles.write("q1 0 a 1\n", to: folder + "/j.qrels")
      try TestFiles.write("query,item,grade\nq1,a,1\n", to: folder + "/j.csv")
      try TestFiles.write("{\"q1\": {\"a\": 1}}", to: folder + "/j.json")
      try TestFiles.write(
        "query-id\tcorpus-id\tscore\nq1\ta\t1\n", to: folder + "/b/qrels/test.tsv")
      try TestFiles.write("query-id\tcorpus-id\tscore\nq1\ta\t2\n", to: folder + "/b/qrels/dev.tsv")
      try TestFiles.write("query-id\tcorpus-id\tscore\nq1\ta\t1\n", to: folder + "/d/dev.tsv")
      let system = try await system(bench)
      for name in ["j.qrels", "j.csv", "j.json", "b", "b/qrels", "d"] {
        let made = try await made(.file("\(folder)/\(name)"), [system], bench)
        #expect(made.set.judgements.grades == ["q1": ["a": 1]], "\(name)")
        #expect(made.set.inputs.count == 1 && made.set.inputs[0].value.count == 64)
        #expect(made.warnings.isEmpty)
      }
    }
  }

  @Test func `what is no file of judgements is refused by name`() async throws {
    try await VectorBench.inNewFolder { bench in
      let folder = bench.folder
      try TestFiles.write("q1 0 a 1\nq1 0 b 0.5\n", to: folder + "/j.qrels")
      try TestFiles.write("x", to: folder + "/e/readme.txt")
      for name in ["dev.tsv", "train.tsv"] { try TestFiles.write("x", to: "\(folder)/s/\(name)") }
      let system = try await system(bench)
      for (name, message) in [
        ("j.qrels", "line 2: a grade is a whole number"), ("e", "is a folder without judgements"),
        ("s", "holds several tables of judgements: dev.tsv, train.tsv"), ("none", "none"),
      ] {
        let error = try await refusal(.file("\(folder)/\(name)"), [system], bench)
        #expect(error.message.contains(message), "\(error)")
        #expect(error.parameter?.name == "qrels")
      }
    }
  }

  @Test func `judged items that are not in the collection are said`() async throws {
    try await VectorBench.inNewFolder { bench in
      let path = bench.folder + "/j.qrels"
      let system = try await system(bench)
      try TestFiles.write("q1 0 a 1\nq1 0 z 1\nq2 0 z 1\n", to: path)
      #expect(
        try await made(.file(path), [system], bench).warnings
          == ["1 judged item is not in 'c': 'z'; no system can find it"])
      try TestFiles.write("q1 0 a.jpg 1\nq1 0 b.jpg 1\n", to: path)
      #expect(
        try await made(.file(path), [system], bench).warnings
          == ["none of the judged items is in 'c': 'a.jpg', 'b.jpg'; an id of its items is 'a'"])
      // Of a run from elsewhere nobody knows the collection.
      let foreign = try SystemRun.ranked("x.run", ["q1": ["a"]])
      #expect(try await made(.file(path), [foreign], bench).warnings.isEmpty)
    }
  }

  private func rule(_ text: String) throws -> JudgementSource {
    .rule(try WhereExpression(parsing: text, as: .relevance))
  }

  @Test func `a rule judges every item for every question`() async throws {
    try await VectorBench.inNewFolder { bench in
      let asked = [
        Question("q1", text: "one", ["wanted": .integer(1), "item": "c"]),
        Question("q2", text: "b", ["wanted": .integer(1), "item": "a"]),
        Question("a", text: "none", ["item": .null]),
      ]
      let system = try await system(bench, asked)
      func grades(_ text: String) async throws -> [String: ItemGrades] {
        let judgements = try await made(rule(text), [system], bench).set.judgements
        #expect(judgements.itemCount == 3)
        return judgements.grades
      }
      #expect(try await grades("n = :wanted") == ["q1": ["b": 1], "q2": ["b": 1], "a": [:]])
      #expect(try await grades("id = :item") == ["q1": ["c": 1], "q2": ["a": 1], "a": [:]])
      #expect(
        try await grades("id = :id or id = :text") == ["q1": [:], "q2": ["b": 1], "a": ["a": 1]])
      #expect(try await grades("n > 0")["a"] == ["b": 1, "c": 1])
      let injected = Question("q4", text: "' or 1 = 1 --")
      let other = try await made(
        rule("id = :text"), [SystemRun.ranked("x", [:], asked: [injected]), system], bench)
      #expect(other.set.judgements.grades["q4"] == [:])
    }
  }

  @Test func `what a rule cannot say is refused at its place`() async throws {
    try await VectorBench.inNewFolder { bench in
      let asked = [
        Question("q1", text: "one", ["wanted": .integer(1)]),
        Question("q2", text: "two", ["wanted": "many"]),
      ]
      let system = try await system(bench, asked)
      for (text, message, hint, part) in [
        ("n = :wantet", "the questions have no column 'wantet'", "did you mean 'wanted'?", 4..<11),
        ("m = :wanted", "unknown field 'm' in --relevant-if", nil, 0..<1),
        (
          "n = :wanted",
          "a value of ':wanted' cannot be compared here: 'n' holds another kind of value",
          "the question is 'q2'", 4..<11
        ),
      ] {
        let error = try await refusal(rule(text), [system], bench)
        #expect(error.message == message)
        if let hint { #expect(error.hint == hint) }
        #expect(error.parameter?.name == "relevant-if" && error.parameter?.part == part)
      }
      let foreign = try SystemRun.ranked("x.run", ["q1": ["a"]])
      let none = try await refusal(rule("id = :id"), [foreign], bench)
      #expect(none.message == "a rule of relevance needs questions, and 'x.run' has none")
      let nowhere = try SystemRun.ranked("x.run", ["q1": ["a"]], asked: asked)
      let unknown = try await refusal(rule("id = :id"), [nowhere], bench)
      #expect(unknown.message == "a rule of relevance needs a collection, and 'x.run' names none")
    }
  }
}
