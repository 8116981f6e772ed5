import ParallaxCore
import ParallaxEvaluation
import ParallaxProviders
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

/// Spaces that are made beside others, by a provider in process.
@Suite struct ReembedTests {
  /// Runs `body` with a collection of so many texts and their space `c@s`: 256 numbers, for documents.
  private func withSpace(
    _ count: Int, _ body: (PaidFixture, Workbench, Space) async throws -> Void
  ) async throws {
    try await PaidFixture.with { fixture in
      try await fixture.makeCollection(count)
      let variables = ["PARALLAX_OPENAI_URL": "http://127.0.0.1:9/v1"]
      try await fixture.withBench(variables: variables) { bench in
        let made = try await bench.embed(
          EmbedRequest(
            name: "s",
            model: EmbedderRequest(
              model: "gemini-embedding-2", dimension: 256, task: "RETRIEVAL_DOCUMENT",
              content: .text)), of: bench.workspace.collection(named: "c"), budget: nil
        ) { _ in }
        try await body(fixture, bench, made.space)
      }
    }
  }

  private static func request(
    _ name: String = "v2", model: String? = nil, dimension: Int? = nil, task: String? = nil
  ) -> ReembedRequest {
    var request = ReembedRequest(name: name)
    (request.model, request.dimension, request.task) = (model, dimension, task)
    return request
  }

  @Test func `what is not said is taken over, as far as the model has it`() async throws {
    try await withSpace(1) { fixture, bench, old in
      func reembedding(_ request: ReembedRequest) async throws -> Reembedding {
        try await bench.reembedding(request, of: old, budget: nil)
      }
      let smaller = try await reembedding(Self.request(dimension: 128))
      #expect(
        smaller.request.model
          == EmbedderRequest(
            model: "gemini-embedding-2", dimension: 128, task: "RETRIEVAL_DOCUMENT",
            content: .text))
      #expect(smaller.request.provider == "gemini" && smaller.request.insistsOnModel)
      #expect(
        smaller.notes == [
          "c@v2 takes over from c@s: model gemini-embedding-2, content text, "
            + "task RETRIEVAL_DOCUMENT",
          "c@v2 has another identity: dimension 128, not 256",
        ])

      let other = try await reembedding(Self.request(model: "voyage-multimodal-3"))
      #expect(other.request.model.dimension == nil && other.request.provider == nil)
      #expect(other.request.model.task == "RETRIEVAL_DOCUMENT")
      #expect(
        other.notes.contains(
          "'voyage-multimodal-3' gives no vectors of 256 dimensions: those of c@v2 have 1024"))

      let plain = try await reembedding(Self.request(model: "openai:test"))
      #expect(plain.request.model.dimension == 256 && plain.request.model.task == nil)
      #expect(
        plain.notes.contains("'openai:test' has no task type RETRIEVAL_DOCUMENT: c@v2 has none"))

      let refusal = await failure {
        try await reembedding(Self.request(model: "openai:test", task: "RETRIEVAL_QUERY"))
      }
      #expect(refusal?.code == .unsupported)
      #expect(fixture.server.items == 1, "nothing is asked for before it is wanted")
    }
  }

  @Test func `what would be the old space again is refused`() async throws {
    try await withSpace(1) { fixture, bench, old in
      func refusal(_ request: ReembedRequest) async -> ParallaxError? {
        await failure { try await bench.reembedding(request, of: old, budget: nil) }
      }
      var error = await refusal(Self.request("s", dimension: 128))
      #expect(error?.code == .alreadyExists && error?.parameter == "as")
      error = await refusal(Self.request())
      #expect(error?.code == .alreadyExists)
      #expect(error?.message.hasPrefix("'c@s' has this identity already, so there is") == true)
      error = await refusal(Self.request(model: "gemini-embedding-2", dimension: 256))
      #expect(error?.code == .alreadyExists)
      // A space of that identity under the name is no other one, either.
      _ = try bench.workspace.createSpace(named: "twin", in: old.collection, spec: old.spec)
      error = await refusal(Self.request("twin"))
      #expect(error?.code == .alreadyExists)
    }
  }

  @Test func `a space goes on with its own model, and keeps out another`() async throws {
    try await withSpace(4) { fixture, bench, old in
      let first = try await bench.reembedding(Self.request(dimension: 128), of: old, budget: nil)
      _ = try await bench.embed(first.request, of: old.collection, budget: nil) { _ in }
      try bench.workspace.apply([.setText(ItemID("item-3"), "new")], to: old.collection)
      let again = try await bench.reembedding(Self.request(), of: old, budget: nil)
      let outcome = try await bench.embed(again.request, of: old.collection, budget: nil) { _ in }
      #expect((outcome.embedded, outcome.before, outcome.space.spec.dimension) == (1, 3, 128))
      let third = try await bench.reembedding(Self.request(dimension: 512), of: old, budget: nil)
      let error = await failure {
        try await bench.embed(third.request, of: old.collection, budget: nil) { _ in }
      }
      #expect(error?.code == .alreadyExists && error?.parameter == "as")
      var resuming = Self.request("none", dimension: 512)
      resuming.resumes = true
      let resumed = try await bench.reembedding(resuming, of: old, budget: nil)
      let missing = await failure {
        try await bench.embed(resumed.request, of: old.collection, budget: nil) { _ in }
      }
      #expect(missing?.code == .unknownName && missing?.parameter == "resume")
      // The old one is what it was.
      #expect(try bench.workspace.load(old).items.count == 3)
    }
  }

  @Test func `a sample is paid for once, and what it costs to go on is known`() async throws {
    try await withSpace(60) { fixture, bench, old in
      let reembedding = try await bench.reembedding(
        Self.request(dimension: 128), of: old, budget: nil)
      let sample = ReembedSample(count: 20, seed: 7)
      let first = try await bench.estimate(reembedding, by: sample, budget: nil) { _ in }
      #expect(fixture.server.items == 60 + 20)
      #expect((first.outcome.embedded, first.outcome.before) == (20, 0))
      #expect((first.rest.toEmbed, first.rest.before, first.rest.items) == (40, 20, 60))
      #expect(first.rest.remote?.cost?.micros == 40 * PaidFixture.micros)
      #expect(first.change?.items == 20 && first.time != nil)

      let second = try await bench.estimate(reembedding, by: sample, budget: nil) { _ in }
      #expect(fixture.server.items == 60 + 20)
      #expect(second.change == first.change && second.time == nil)
      // A larger one holds the smaller one.
      let larger = try await bench.estimate(
        reembedding, by: ReembedSample(count: 30, seed: 7), budget: nil
      ) { _ in }
      #expect((larger.outcome.embedded, larger.outcome.before) == (10, 20))
      let all = try await bench.embed(
        reembedding.request, of: old.collection, budget: nil
      ) { _ in }
      #expect((all.embedded, all.before) == (30, 30) && fixture.server.items == 120)
      let done = try await bench.estimate(
        reembedding, by: ReembedSample(count: 100, seed: 7), budget: nil
      ) { _ in }
      #expect(done.rest.toEmbed == 0 && done.change?.items == 60)
    }
  }

  @Test func `a sample is drawn from what the old space has, by the seed`() async throws {
    try await withSpace(50) { fixture, bench, old in
      try bench.workspace.apply([.setText(ItemID("item-0"), "new")], to: old.collection)
      func items(_ count: Int, seed: UInt64) async throws -> Set<ItemRecord.RowID> {
        try await bench.draw(ReembedSample(count: count, seed: seed), from: old) { _ in }.items
      }
      let some = try await items(20, seed: 1)
      #expect(some.count == 20)
      #expect(try await items(20, seed: 1) == some)
      #expect(try await items(20, seed: 2) != some)
      #expect(try await items(30, seed: 1).isSuperset(of: some))
      let all = try await items(60, seed: 1)
      #expect(all.count == 49)
      let changed = try #require(
        try bench.workspace.item(ItemID("item-0"), in: old.collection)?.rowID)
      #expect(!all.contains(changed))
    }
  }

  @Test func `with judgements every other item of a sample is relevant`() async throws {
    try await withSpace(200) { fixture, bench, old in
      // Of each of ten questions one item, and one that is judged not to be.
      let judged = (0..<10).map { "q\($0) 0 item-\($0) 1\nq\($0) 0 item-\(100 + $0) 0\n" }.joined()
      let folder = String(fixture.path.dropLast("/work.parallax".count))
      try TestFiles.write(judged, to: folder + "/j.qrels")
      try TestFiles.write("other 0 item-1 1\n", to: folder + "/other.qrels")
      let set = QuestionSet(
        (0..<12).map { number in
          Question(
            id: "q\(number)",
            terms: [.init(.text("\(number)"), label: "text", parameter: "queries")])
        })
      func draw(_ count: Int, _ file: String = "j.qrels") async throws -> DrawnSample {
        let questions = ReembedSample.Questions(
          set, judgedBy: .file("\(folder)/\(file)"), measures: [try NamedMetric("success@1")])
        return try await bench.draw(
          ReembedSample(count: count, seed: 3, questions: questions), from: old
        ) { _ in }
      }
      let ids = Dictionary(
        uniqueKeysWithValues: try bench.workspace.items(in: old.collection).map {
          ($0.rowID, $0.id.rawValue)
        })
      let relevant = Set((0..<10).map { "item-\($0)" })
      let small = try await draw(12)
      let found = Set(small.items.compactMap { ids[$0] }).intersection(relevant)
      #expect(small.items.count == 12 && (6...8).contains(found.count))
      let asked = try #require(small.questions)
      #expect(Set(asked.set.questions.map { "item-\($0.id.dropFirst())" }) == found)
      for (question, grades) in asked.judgements.judgements.grades {
        #expect(grades.keys.allSatisfy { ids.values.contains($0.rawValue) }, "\(question)")
      }
      // All that is relevant, and then whatever there is.
      let large = try await draw(40)
      #expect(large.items.isSuperset(of: small.items) && large.items.count == 40)
      #expect(large.questions?.set.questions.count == 10)
      #expect(try await draw(1_000).items.count == 200)
      let error = await failure { try await draw(20, "other.qrels") }
      #expect(error?.code == .invalidValue && error?.parameter == "qrels")
      #expect(fixture.server.items == 200)
    }
  }

  @Test func `a budget and a cancellation keep what was embedded`() async throws {
    try await withSpace(200) { fixture, bench, old in
      let reembedding = try await bench.reembedding(
        Self.request(dimension: 128), of: old, budget: nil)
      let poor = await failure {
        try await bench.estimate(
          reembedding, by: ReembedSample(count: 100, seed: 1),
          budget: (200 + 32) * PaidFixture.micros
        ) { _ in }
      }
      #expect(poor?.code == .budget && fixture.server.items == 232)
      let cancelled = await Task {
        await failure {
          try await bench.embed(reembedding.request, of: old.collection, budget: nil) { _ in
            withUnsafeCurrentTask { $0?.cancel() }
          }
        }
      }.value
      #expect(cancelled?.code == .cancelled)
      var request = reembedding.request
      request.resumes = true
      let rest = try await bench.embed(request, of: old.collection, budget: nil) { _ in }
      #expect(rest.before >= 48 && rest.before + rest.embedded == 200)
      #expect(fixture.server.items == 400)
    }
  }
}
