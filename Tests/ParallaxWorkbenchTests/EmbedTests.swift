import ParallaxCore
import ParallaxDigest
import ParallaxImaging
import ParallaxProviders
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

/// Embedding and cutting spaces with values, by a provider in process.
@Suite struct EmbedTests {
  private static func request(
    _ name: String = "s", model: String = "gemini-embedding-2", dimension: Int = 256,
    content: EmbeddedContent = .text
  ) -> EmbedRequest {
    EmbedRequest(
      name: name, model: EmbedderRequest(model: model, dimension: dimension, content: content))
  }

  /// A workbench with a collection of so many texts.
  private func withTexts(
    _ count: Int, variables: [String: String] = [:],
    _ body: (PaidFixture, Workbench, ItemCollection) async throws -> Void
  ) async throws {
    try await PaidFixture.with { fixture in
      try await fixture.makeCollection(count)
      try await fixture.withBench(variables: variables) { bench in
        try await body(fixture, bench, bench.workspace.collection(named: "c"))
      }
    }
  }

  @Test func `a space is made, and then only what it lacks is embedded`() async throws {
    try await withTexts(20) { fixture, bench, collection in
      let events = Events()
      let first = try await bench.embed(
        Self.request(), of: collection, budget: nil, events.handler)
      #expect((first.embedded, first.before, first.failed, first.empty) == (20, 0, 0, 0))
      #expect(first.space.reference == "c@s" && first.failures.isEmpty)
      #expect(
        events.progress.last == Progress("embedding", completed: 20, total: 20, unit: "texts"))
      try bench.workspace.apply(
        [
          .setText(ItemID("item-3"), nil), .setText(ItemID("item-4"), " "),
          .setText(ItemID("item-5"), "new"),
        ],
        to: collection)
      // Its own model goes on, whatever is named for a new space.
      let second = try await bench.embed(
        Self.request(dimension: 512), of: collection, budget: nil, events.handler)
      #expect((second.embedded, second.before, second.empty) == (1, 17, 2))
      #expect(fixture.server.items == 21)
      // The same identity elsewhere gives its vectors.
      let other = try await bench.embed(
        Self.request("t"), of: collection, budget: nil, events.handler)
      #expect((other.embedded, other.reused) == (0, 18) && fixture.server.items == 21)
      #expect(events.notes.isEmpty && events.warnings.isEmpty)
    }
  }

  @Test func `what contradicts the space is refused by name`() async throws {
    try await withTexts(1) { fixture, bench, collection in
      func refusal(_ request: EmbedRequest) async -> ParallaxError? {
        await failure { try await bench.embed(request, of: collection, budget: nil) { _ in } }
      }
      var resuming = Self.request()
      resuming.resumes = true
      var error = await refusal(resuming)
      #expect(error?.code == .unknownName && error?.parameter == "resume")
      error = await refusal(Self.request(model: "gemini-embedding-001", content: .image))
      #expect(error?.code == .unsupported && error?.parameter == "model")
      #expect(fixture.server.requests == 0)
      _ = try await bench.embed(Self.request(), of: collection, budget: nil) { _ in }
      var other = Self.request(dimension: 512)
      other.insistsOnModel = true
      error = await refusal(other)
      #expect(error?.code == .alreadyExists && error?.parameter == "as")
      #expect(error?.message.contains("dimension is '256', asked was '512'") == true)
    }
  }

  @Test func `a space that nothing came into is not there`() async throws {
    try await withTexts(3) { fixture, bench, collection async throws in
      let error = await failure {
        try await bench.embed(Self.request(), of: collection, budget: 10) { _ in }
      }
      #expect(error?.code == .budget)
      #expect(try bench.workspace.spaces(in: collection).isEmpty)
      #expect(fixture.server.requests == 0)
    }
  }

  @Test func `a cancelled job keeps what was asked for, and can be resumed`() async throws {
    try await withTexts(200) { fixture, bench, collection in
      let error = await Task {
        await failure {
          try await bench.embed(Self.request(), of: collection, budget: nil) { _ in
            withUnsafeCurrentTask { $0?.cancel() }
          }
        }
      }.value
      #expect(error?.code == .cancelled && error?.message.contains("of 200 texts") == true)
      let items = fixture.server.items
      #expect(items >= 16 && items < 200)
      #expect(try bench.workspace.replySummaries().map(\.count) == [items])
      var request = Self.request()
      request.resumes = true
      let rest = try await bench.embed(request, of: collection, budget: nil) { _ in }
      #expect(rest.before >= 16 && rest.before + rest.embedded == 200)
      #expect(fixture.server.items == 200)
    }
  }

  @Test func `an item that is refused fails alone, and is told of`() async throws {
    try await withTexts(6) { fixture, bench, collection in
      fixture.server.misbehave([], poison: [PaidFixture.texts(2..<3)[0]])
      let outcome = try await bench.embed(Self.request(), of: collection, budget: nil) { _ in }
      #expect((outcome.embedded, outcome.failed) == (5, 1))
      #expect(outcome.failures.map(\.id.rawValue) == ["item-2"])
      #expect(outcome.failures.map(\.code) == ["rejected-input"])
      fixture.server.misbehave([])
      let again = try await bench.embed(Self.request(), of: collection, budget: nil) { _ in }
      #expect((again.embedded, again.before, again.failures.count) == (1, 5, 0))
    }
  }

  /// Items of one content share its vector; a file that is not what it was fails alone.
  @Test func `a content is looked for in the files of all that share it`() async throws {
    try await PaidFixture.with { fixture in
      let workspace = try Workspace(path: fixture.path)
      defer { workspace.close() }
      let collection = try workspace.createCollection(named: "c")
      try workspace.apply(
        [("a", "1"), ("b", "1"), ("c", "1"), ("d", "2"), ("e", "2")].map { name, content in
          .insert(
            NewItem(
              id: ItemID(name),
              file: FileState(
                path: "/\(name)", hash: Digest.sha256(content), size: 1, modified: 0),
              metadata: [:]))
        }, to: collection)
      var embedder = OneVectorEmbedder(content: .image)
      embedder.refused = [
        "/a": .changedFile, "/d": .unreadableFile, "/e": ParallaxError.Code("other"),
      ]
      let space = try workspace.createSpace(named: "s", in: collection, spec: embedder.spec)
      let job = EmbeddingJob(workspace: workspace, space: space, embedder: embedder) { _ in }
      let outcome = try await job.run(
        EmbeddingJob.plan(
          collection: collection, space: space, embedder: embedder, in: workspace))
      #expect((outcome.embedded, outcome.failed) == (2, 3))
      let failures = try workspace.failures(in: space)
      #expect(
        failures.map { "\($0.id) \($0.code)" }.sorted()
          == ["a changed-file", "d unreadable-file", "e other"])
      #expect(failures.first?.message == "'a' changed since ingest; run 'sync c'")
    }
  }

  @Test func `damage is dropped and embedded again when a space is resumed`() async throws {
    try await PaidFixture.with { fixture in
      try await fixture.makeCollection(8)
      try await fixture.withBench { bench in
        let collection = try bench.workspace.collection(named: "c")
        _ = try await bench.embed(Self.request(), of: collection, budget: nil) { _ in }
        try bench.workspace.pruneReplies(ofModel: nil)
      }
      var vectors: [[Float]] = []
      try await fixture.withBench { bench in
        let space = try bench.space(SpaceReference("c@s"))
        let loaded = try bench.workspace.load(space)
        vectors = (0..<2).map { loaded.matrix.row($0) }
      }
      // The end of one vector beside the beginning of the next.
      let seam = (vectors[0].suffix(4) + vectors[1].prefix(4)).flatMap { value in
        withUnsafeBytes(of: value) { Array($0) }
      }
      var bytes = try TestFiles.bytes(of: fixture.path)
      let place = try #require(bytes.firstRange(of: seam))
      bytes[place.lowerBound] ^= 1
      try TestFiles.write(bytes, to: fixture.path)
      try await fixture.withBench { bench in
        let collection = try bench.workspace.collection(named: "c")
        var request = Self.request()
        request.resumes = true
        let events = Events()
        let outcome = try await bench.embed(request, of: collection, budget: nil, events.handler)
        #expect(outcome.embedded == 8 && fixture.server.items == 16)
        #expect(
          events.notes == ["1 damaged chunk of c@s was dropped; the texts are embedded again"])
      }
    }
  }

  @Test func `a forecast says what it would cost and spends nothing`() async throws {
    let limit = ["PARALLAX_GEMINI_ITEMS_PER_MINUTE": "60"]
    try await withTexts(40, variables: limit) { fixture, bench, collection in
      let all = try await bench.forecast(Self.request(), of: collection, budget: nil)
      #expect(all.reference == "c@s" && all.spec.dimension == 256 && all.missing == nil)
      #expect([all.items, all.before, all.toEmbed, all.reusable, all.empty] == [40, 0, 40, 0, 0])
      let remote = try #require(all.remote)
      // Of a hundred tokens each, which the server does not count.
      #expect((remote.requests, remote.tokens, remote.isExact) == (3, 4_000, false))
      #expect(remote.milliseconds == 40_000)
      #expect(remote.cost == .init(micros: 40 * PaidFixture.micros, date: "2026-11"))
      #expect(fixture.server.items == 0)
      #expect(try bench.workspace.spaces(in: collection).isEmpty)

      _ = try await bench.embed(Self.request("t"), of: collection, budget: nil) { _ in }
      let known = try await bench.forecast(Self.request(), of: collection, budget: nil)
      #expect((known.toEmbed, known.reusable, known.remote?.cost?.micros) == (0, 40, 0))
      let rest = try await bench.forecast(Self.request("t"), of: collection, budget: nil)
      #expect((rest.before, rest.toEmbed) == (40, 0))
    }
    try await withTexts(1, variables: ["GEMINI_API_KEY": ""]) { _, bench, collection in
      let keyless = try await bench.forecast(Self.request(), of: collection, budget: nil)
      #expect(keyless.missing?.code.name == "missing-key")
    }
  }

  @Test func `a space is cut to smaller ones that stay complete`() async throws {
    try await withTexts(10) { fixture, bench, collection in
      _ = try await bench.embed(Self.request(), of: collection, budget: nil) { _ in }
      let space = try bench.space(SpaceReference("c@s"))
      func project(_ dimensions: [Int]) async throws -> [Projection] {
        try await bench.project(space, to: dimensions, budget: nil) { _ in }
      }
      let made = try await project([128, 200])
      #expect(made.map(\.space.reference) == ["c@s-128", "c@s-200"])
      #expect(made.map(\.added) == [10, 10] && made.map(\.before) == [0, 0])
      let whole = try bench.workspace.load(space)
      let cut = try bench.workspace.load(made[0].space)
      let wanted = try #require(Vector.normalized(Array(whole.matrix.row(3).prefix(128))))
      #expect(cut.ids[3] == whole.ids[3] && cut.matrix.row(3) == wanted)
      try bench.workspace.apply([.setText(ItemID("item-3"), "new")], to: collection)
      _ = try await bench.embed(Self.request(), of: collection, budget: nil) { _ in }
      let again = try await project([128])
      #expect(again.map(\.added) == [1] && again.map(\.before) == [9])
      #expect(fixture.server.items == 11)

      let large = await failure { try await project([128, 256]) }
      #expect(large?.code == .invalidValue)
      #expect(large?.parameter == .init(name: "dim", index: 1))
      let unknown = await failure { try await project([64]) }
      #expect(unknown?.code == .unsupported && unknown?.parameter == "dim")
    }
  }
}

/// What work said while it ran.
private final class Events: Sendable {
  private let all = Mutex<[Event]>([])

  var handler: EventHandler { { event in self.all.withLock { $0.append(event) } } }

  var progress: [Progress] {
    all.withLock {
      $0.compactMap { if case .progress(let progress) = $0 { progress } else { nil } }
    }
  }
  var notes: [String] {
    all.withLock { $0.compactMap { if case .note(let note) = $0 { note } else { nil } } }
  }
  var warnings: [String] {
    all.withLock { $0.compactMap { if case .warning(let text) = $0 { text } else { nil } } }
  }
}
