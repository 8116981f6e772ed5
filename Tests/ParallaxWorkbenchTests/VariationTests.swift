import ParallaxConditions
import ParallaxCore
import ParallaxEvaluation
import ParallaxProviders
import ParallaxSearch
import ParallaxStorage
import Synchronization
import Testing

@testable import ParallaxWorkbench

/// Systems that differ in one thing, asked the same questions.
@Suite struct VariationTests {
  private static let cloud: [(id: String, vector: [Float])] = {
    var random = SeededGenerator(seed: 3)
    return (0..<120).map { place in
      (
        "i\(String(place + 1_000).dropFirst())",
        (0..<20).map { _ in Float.random(in: -1...1, using: &random) }
      )
    }
  }()

  private static let questions = QuestionSet(
    (0..<67).map { place in
      let terms = Query(like: cloud[place].id, cloud[119 - place].id).terms
      return Question(id: "q\(place)", terms: place % 2 == 0 ? [terms[0]] : terms)
    })

  private func runs(
    _ bench: Workbench, _ space: Space, _ variation: Variation,
    _ template: Query = Query(terms: []),
    _ questions: QuestionSet = questions, isGrid: Bool = false, spares: Bool = false,
    budget: Int? = nil, saying said: Said = Said()
  ) async throws -> [SystemRun] {
    let (systems, _) = try await bench.variants(of: variation, template, in: space, isGrid: isGrid)
    var runs: [SystemRun] = []
    try await bench.runs(
      questions, of: systems, in: space, name: "p", spares: spares, budget: budget, said.handler
    ) { runs.append($0) }
    return runs
  }

  @Test(arguments: [false, true])
  func `one pass over prefixes is each dimension alone`(isNarrowed: Bool) async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.cloud)
      var template = Query(terms: [])
      template.top = 7
      template.excludesOwn = isNarrowed
      if isNarrowed {
        template.minimumScore = 0.1
        template.condition = try WhereExpression(parsing: "n > 20")
      }
      var variation = Variation()
      variation.dimensions = [.one(3), .range(5...64)]
      let runs = try await runs(bench.bench, space, variation, template)
      #expect(
        runs.map(\.name) == ["p dim 20", "p dim 16", "p dim 8", "p dim 5", "p dim 3"])
      #expect(runs.map(\.costs.dimension) == [20, 16, 8, 5, 3])
      #expect(runs.map(\.costs.bytesPerVector) == [80, 64, 32, 20, 12])
      #expect(runs.allSatisfy { $0.costs.searching != nil && $0.costs.indexBytes == 0 })
      for (run, dimension) in zip(runs, [20, 16, 8, 5, 3]) {
        for (question, list) in zip(Self.questions.questions, run.lists) {
          var query = template
          query.terms = question.terms
          query.dimensions = [dimension]
          let answer = try await bench.answer(query, in: space)
          #expect(list.hits.map(\.id) == answer.rankings[0].hits.map(\.id))
          #expect(list.hits.map(\.score) == answer.rankings[0].hits.map(\.shownScore))
        }
      }
    }
  }

  @Test func `other axes are runs with the option`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.cloud)
      let request = IndexRequest(options: GraphOptions(), expansion: 40, rebuilds: false)
      _ = try await bench.bench.index(space, request) { _ in }
      var codes = Variation()
      codes.codes = [nil, .int8, .binary]
      var similarity = Variation()
      similarity.similarities = [.cosine, .dot]
      var index = Variation()
      index.indexes = [.exact, .hnsw]
      let systems: [(Variation, [String], (inout Query, Int) -> Void)] = [
        (
          codes, ["p codes none", "p codes int8", "p codes binary"],
          {
            $0.method =
              [
                .exact, .codes(.int8, oversample: 4), .codes(.binary, oversample: 20),
              ][$1]
          }
        ),
        (
          similarity, ["p cosine", "p dot"],
          {
            $0.similarity = [.cosine, .dot][$1]
            $0.method = .exact
          }
        ),
        (index, ["p index exact", "p index hnsw"], { $0.method = [.exact, .best][$1] }),
      ]
      for (variation, names, change) in systems {
        let runs = try await runs(bench.bench, space, variation)
        #expect(runs.map(\.name) == names)
        for (place, run) in runs.enumerated() {
          var template = Query(terms: [])
          change(&template, place)
          let alone = try await bench.bench.run(
            Self.questions, template, in: [space], name: "", budget: nil
          ) { _ in }
          #expect(run.lists == alone.lists && run.method == alone.method)
        }
        let bytes = runs.map { $0.costs.indexBytes ?? -1 }
        #expect(bytes[0] == 0 && (names[1] == "p dot" || bytes[1] > 0), "\(bytes)")
      }
    }
  }

  @Test func `fusions are asked where they matter`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.cloud)
      var variation = Variation()
      variation.fusions = [.sum, .reciprocalRank]
      let said = Said()
      let runs = try await runs(bench.bench, space, variation, saying: said)
      #expect(runs.map(\.name) == ["p fuse sum", "p fuse rrf"])
      #expect(runs[0].lists.count == 33 && runs[1].skipped.count == 34)
      #expect(runs[0].questions?.questions.count == 33)
      #expect(said.texts.contains { $0.contains("--fuse does not touch 34 of 67 questions") })
      variation.fusions.append(.joint)
      let error = await failure { try await self.runs(bench.bench, space, variation) }
      #expect(error?.parameter == "fuse", "\(String(describing: error))")
    }
  }

  @Test func `a grid has every combination that there is`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.cloud)
      var variation = Variation()
      variation.dimensions = [.one(8)]
      variation.codes = [nil, .int8]
      variation.similarities = [.cosine, .euclidean]
      let refused = await failure {
        try await bench.bench.variants(of: variation, Query(terms: []), in: space, isGrid: false)
      }
      #expect(
        refused?.message == "one thing varies at a time; got --dims and --codes and --similarity")
      #expect(refused?.hint == "--grid compares all 8 combinations")
      let (systems, impossible) = try await bench.bench.variants(
        of: variation, Query(terms: []), in: space, isGrid: true)
      #expect(
        systems.map(\.label) == [
          "dim 20 codes none cosine", "dim 20 codes none euclidean", "dim 20 codes int8 cosine",
          "dim 8 codes none cosine",
        ])
      #expect(impossible == 4)
      let runs = try await runs(bench.bench, space, variation, isGrid: true)
      #expect(runs.map(\.costs.dimension) == [20, 20, 20, 8])
      #expect(runs[3].run != runs[0].run)
    }
  }

  @Test func `what the space does not have is refused`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.cloud)
      func refusal(_ change: (inout Variation) -> Void) async -> ParallaxError? {
        var variation = Variation()
        change(&variation)
        return await failure {
          try await bench.bench.variants(of: variation, Query(terms: []), in: space, isGrid: false)
        }
      }
      let large = await refusal { $0.dimensions = [.one(8), .one(21)] }
      #expect(large?.message == "'p@base' has 20 dimensions; got 21")
      #expect(large?.parameter == .init(name: "dims", index: 1))
      #expect(await refusal { $0.indexes = [.hnsw] }?.hint == "'index p@base' makes one")
      #expect(await refusal { $0.tasks = .all }?.message.contains("knows no task types") == true)
    }
  }

  @Test func `dimensions are numbers and ranges`() {
    #expect(Variation.Dimension("256") == .one(256))
    #expect(Variation.Dimension("64..3072") == .range(64...3_072))
    for text in ["", "0", "-3", "a", "64..", "..64", "64..32", "64...128", "1..2..3"] {
      #expect(Variation.Dimension(text) == nil, "\(text)")
    }
  }

  // MARK: - Task types

  private static let texts = QuestionSet(
    (0..<12).map { place in
      Question(
        id: "t\(place)",
        terms: place == 11
          ? Query(like: "item-0").terms
          : [
            Query.Term(
              .text(PaidFixture.texts(0..<12)[place]), label: "", parameter: .queries)
          ])
    })

  private func tasks(
    _ model: String, _ tasks: Variation.Tasks, budget: Int? = nil, _ said: Said = Said()
  ) async throws -> (runs: [SystemRun], items: Int) {
    var made: ([SystemRun], Int) = ([], 0)
    try await PaidFixture.with { fixture in
      try await fixture.makeCollection(20)
      try await fixture.withBench { bench in
        let collection = try bench.workspace.collection(named: "c")
        let request = EmbedRequest(
          name: "s",
          model: EmbedderRequest(
            model: model, dimension: 128, task: "RETRIEVAL_DOCUMENT", content: .text))
        let space = try await bench.embed(request, of: collection, budget: nil) { _ in }.space
        let before = fixture.server.items
        var variation = Variation()
        variation.tasks = tasks
        if let (systems, _) = try? await bench.variants(
          of: variation, Query(terms: []), in: space, isGrid: false)
        {
          let forecast = try await bench.forecast(
            Self.texts, of: systems, in: space, budget: nil)
          said.note("forecast \(forecast.questions) \(forecast.texts) \(forecast.known)")
        }
        do {
          made.0 = try await runs(
            bench, space, variation, Query(terms: []), Self.texts, budget: budget, saying: said)
        } catch {
          said.note("\(fixture.server.items - before)")
          throw error
        }
        made.1 = fixture.server.items - before
      }
    }
    return made
  }

  @Test func `each task type of the query side is a system`() async throws {
    let said = Said()
    let (runs, items) = try await tasks("gemini-embedding-2", .all, said)
    #expect(
      runs.map(\.name) == [
        "p task RETRIEVAL_QUERY", "p task QUESTION_ANSWERING", "p task FACT_VERIFICATION",
        "p task SEMANTIC_SIMILARITY", "p task CLASSIFICATION", "p task CLUSTERING",
      ])
    // Each of eleven texts once under each, the probes among them.
    #expect(items == 6 * 11 && said.texts.first == "forecast 11 66 0")
    #expect(runs.allSatisfy { $0.lists.count == 11 && $0.skipped == ["t11"] })
    #expect(Set(runs.map(\.run)).count == 6)
    #expect(said.texts.contains { $0.contains("--tasks does not touch 1 of 12 questions") })
  }

  @Test func `a task type that the service ignores is found by probes`() async throws {
    let said = Said()
    let error = await failure {
      try await tasks("gemini-embedding-001", .some([.type("CLUSTERING")]), said)
    }
    #expect(
      error?.message.hasPrefix("CLUSTERING changes nothing: the vectors of 8 probes stay") == true)
    #expect(error?.hint?.contains("--tasks prefix:CLUSTERING") == true)
    // Eight probes as they are, and under the task.
    #expect(said.texts.last == "16")

    let both = try await tasks(
      "gemini-embedding-001", .some([.type("CLUSTERING"), .words("CLUSTERING")]), said)
    #expect(both.runs.map(\.name) == ["p task RETRIEVAL_QUERY", "p task prefix:CLUSTERING"])
    #expect(both.items == 2 * 11 + 8)
    #expect(said.texts.contains { $0.hasPrefix("CLUSTERING changes nothing") })
    #expect(both.runs[0].run != both.runs[1].run)
  }

  @Test func `task types are paid for together or not at all`() async throws {
    let said = Said()
    let error = await failure {
      try await tasks("gemini-embedding-2", .all, budget: 20 * 20 + 5 * 11 * 20, said)
    }
    #expect(error?.code == .budget && error?.message.contains("all systems") == true)
    #expect(said.texts.last == "0")
    let unknown = await failure { try await tasks("gemini-embedding-2", .some([.type("X")])) }
    #expect(unknown?.parameter == .init(name: "tasks", index: 0))
    #expect(throws: ParallaxError.self) { try TaskForm("prefix:X") }
    #expect(try TaskForm("prefix:CLUSTERING").text == "prefix:CLUSTERING")
  }
}

/// What work said.
private final class Said: Sendable {
  private let said = Mutex<[String]>([])

  var texts: [String] { said.withLock(\.self) }

  func note(_ text: String) { said.withLock { $0.append(text) } }

  var handler: EventHandler {
    { [self] event in
      switch event {
      case .note(let text), .warning(let text): note(text)
      case .progress: break
      }
    }
  }
}
