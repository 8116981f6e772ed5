import ParallaxConditions
import ParallaxCore
import ParallaxDigest
import ParallaxEvaluation
import ParallaxSearch
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

@Suite struct RunTests {
  /// 150 items in 16 dimensions, equal ones among them.
  private static let cloud: [(id: String, vector: [Float])] = {
    var random = SeededGenerator(seed: 7)
    return (0..<150).map { place in
      let vector = (0..<16).map { _ in Float.random(in: -1...1, using: &random) }
      let digits = String(place + 1_000).dropFirst()
      return ("i\(digits)", place % 10 == 9 ? [Float](repeating: 0.25, count: 16) : vector)
    }
  }()

  /// One item, two with weights, and the zero between two equal ones, as many as a batch and more.
  private static let questions = QuestionSet(
    (0..<70).map { place in
      let ids = [cloud[place].id, cloud[(place * 7 + 3) % 150].id]
      var terms = Query(like: ids[0], ids[1]).terms
      terms[0].weight = place % 3 == 0 ? 0.7 : 1
      terms[1].weight = place % 4 == 0 ? -0.4 : 0.5
      return Question(id: "q\(place)", terms: place % 2 == 0 ? [terms[0]] : terms)
    })

  private static let options: [(String, @Sendable (inout Query) throws -> Void)] = [
    ("nothing", { _ in }),
    ("top", { $0.top = 3 }),
    ("more than there are", { $0.top = 500 }),
    ("where", { $0.condition = try WhereExpression(parsing: "n between 20 and 60") }),
    ("min-score", { $0.minimumScore = 0.3 }),
    ("rrf", { $0.fusion = .reciprocalRank }),
    (
      "rrf, min-score, where",
      {
        $0.fusion = .reciprocalRank
        $0.minimumScore = 0.01
        $0.condition = try WhereExpression(parsing: "n < 90")
      }
    ),
    ("dot", { $0.similarity = .dot }),
    ("euclidean", { $0.similarity = .euclidean }),
    ("int8", { $0.method = .codes(.int8, oversample: 2) }),
    ("binary", { $0.method = .codes(.binary, oversample: 2) }),
    ("mmr", { $0.diversity = 0.4 }),
    ("exact", { $0.method = .exact }),
    ("ef", { $0.expansion = 20 }),
    ("dims", { $0.dimensions = [5] }),
    (
      "dims, min-score",
      {
        $0.dimensions = [16]
        $0.minimumScore = 0.2
      }
    ),
  ]

  /// A run and the answers to its questions alone.
  private func compare(
    _ bench: VectorBench, _ template: Query, _ spaces: [Space], _ name: String
  ) async throws {
    let run = try await bench.bench.run(
      Self.questions, template, in: spaces, name: "r", budget: nil
    ) { _ in }
    #expect(run.lists.map(\.question) == Self.questions.questions.map(\.id), "\(name)")
    for (question, list) in zip(Self.questions.questions, run.lists) {
      var query = template
      query.terms = question.terms
      let answer = try await bench.bench.answer(query, in: spaces, budget: nil) { _ in }
      let hits = answer.rankings[0].hits.map {
        SystemRun.Hit(
          id: $0.id, score: Double("\($0.score)") ?? .nan, rank: $0.rank, space: $0.space)
      }
      #expect(Array(list.hits) == hits, "\(name), \(question.id)")
      #expect(run.method == answer.method, "\(name)")
    }
  }

  @Test(arguments: options.indices, [false, true])
  func `a run is what each question alone is answered`(
    option: Int, excludesOwn: Bool
  ) async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.cloud)
      let (name, change) = Self.options[option]
      var template = Query(terms: [])
      template.excludesOwn = excludesOwn
      try change(&template)
      try await compare(bench, template, [space], name)
    }
  }

  @Test func `a run among some items is one with a condition that they meet`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.cloud)
      var template = Query(terms: [])
      let items = try bench.bench.workspace.rows(
        in: space.collection, matching: WhereExpression(parsing: "n between 20 and 60"))
      func lists(
        _ template: Query, among items: Set<ItemRecord.RowID>?
      ) async throws -> [SystemRun.List] {
        try await bench.bench.run(
          Self.questions, template, in: [space], name: "r", among: items, budget: nil
        ) { _ in }.lists
      }
      let among = try await lists(template, among: Set(items))
      template.condition = try WhereExpression(parsing: "n between 20 and 60")
      #expect(try await lists(template, among: nil) == among)
      template.condition = try WhereExpression(parsing: "n < 30")
      let both = try await lists(template, among: Set(items))
      template.condition = try WhereExpression(parsing: "n between 20 and 29")
      #expect(try await lists(template, among: nil) == both)
      #expect(both.allSatisfy { $0.hits.count == 10 })
    }
  }

  @Test(arguments: [false, true])
  func `so is a run by an index, and one of several spaces`(excludesOwn: Bool) async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.cloud)
      let other = try await bench.space("q", Array(Self.cloud[100...].reversed()))
      var template = Query(terms: [])
      template.excludesOwn = excludesOwn
      try await compare(bench, template, [space, other], "also")
      let request = IndexRequest(options: GraphOptions(), expansion: 40, rebuilds: false)
      _ = try await bench.bench.index(space, request) { _ in }
      try await compare(bench, template, [space], "index")
      template.recallFloor = 1.1
      try await compare(bench, template, [space], "a poor index")
    }
  }

  @Test func `an item of several spaces counts once, a ranking by difference by its ranks`()
    async throws
  {
    try await VectorBench.inNewFolder { bench in
      let first = try await bench.space("p", [("a", [1, 0]), ("b", [0, 1]), ("c", [1, 0.1])])
      let second = try await bench.space("q", [("a", [1, 0]), ("z", [0.8, 0.6])])
      let questions = QuestionSet([Question(id: "x", terms: Query(like: "a").terms)])
      let run = try await bench.bench.run(
        questions, Query(terms: []), in: [first, second], name: "r", budget: nil
      ) { _ in }
      #expect(run.lists[0].hits.map { "\($0.space)\($0.id)" } == ["0a", "1a", "0c", "1z", "0b"])
      #expect(run.run.lists["x"]?.map(\.id.rawValue) == ["a", "c", "z", "b"])
      #expect(run.collection == nil && run.candidates == 5)

      var diverse = Query(terms: [])
      diverse.diversity = 0
      let notes = Notes()
      let other = try await bench.bench.run(
        questions, diverse, in: [first], name: "r", budget: nil, notes.handler)
      #expect(other.lists[0].hits.map(\.id.rawValue) == ["a", "b", "c"])
      #expect(other.run.lists["x"]?.map(\.score) == [1, 0.5, 1.0 / 3])
      #expect(notes.texts.contains { $0.contains("1 / rank as the score") })
      // Without the hit in the middle scores fall, and are not what orders the hits all the same.
      #expect(other.keeping([0, 2]).run.lists["x"]?.map(\.score) == [1, 1.0 / 3])
    }
  }

  @Test func `items that are the question are known, and can be made up for`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space(
        "p", [("a", [1, 0]), ("b", [0.9, 0.1]), ("c", [0.8, 0.2]), ("d", [0, 1])])
      // Its content is that of item c.
      try TestFiles.write("c", to: bench.folder + "/copy.jpg")
      let image = Query.Term(
        .image(path: bench.folder + "/copy.jpg"), weight: 0.001, label: "", parameter: .queries)
      var away = Query(like: "a", "d").terms
      away[1].weight = -1
      let questions = QuestionSet([
        Question(id: "b", terms: Query(like: "a").terms), Question(id: "y", terms: away),
      ])
      var template = Query(terms: [])
      template.top = 2
      let run = try await bench.bench.run(
        questions, template, in: [space], name: "r", budget: nil
      ) { _ in }
      #expect(run.own == ["b": ["a", "b"], "y": ["a"]])
      #expect(run.lists.map(\.hits.count) == [2, 2] && run.ownCount == 3)
      let more = try await bench.bench.run(
        questions, template, in: [space], name: "r", spares: true, budget: nil
      ) { _ in }
      #expect(more.lists.map(\.hits.count) == [4, 3])

      let owners = try OwnItems(
        of: [Question(id: "d", terms: [image]), Question(id: "d", terms: Query(text: "x").terms)],
        files: [bench.folder + "/copy.jpg": Digest.sha256("c")], contents: [:],
        in: space.collection, bench.bench.workspace)
      #expect(owners.own(Question(id: "d", terms: [image])) == ["c", "d"])
      #expect(owners.own(Question(id: "d", terms: Query(text: "x").terms)) == [])
    }
  }

  @Test func `a run can be cancelled while it searches`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.cloud)
      let task = Task {
        try await bench.bench.run(
          Self.questions, Query(terms: []), in: [space], name: "r", budget: nil
        ) { event in
          if case .progress(let progress) = event, progress.activity == "searching" {
            withUnsafeCurrentTask { $0?.cancel() }
          }
        }
      }
      await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
  }
}

/// What work said.
private final class Notes: Sendable {
  private let said = Mutex<[String]>([])

  var texts: [String] { said.withLock(\.self) }

  var handler: EventHandler {
    { [self] event in
      if case .note(let text) = event { said.withLock { $0.append(text) } }
    }
  }
}
