import ParallaxConditions
import ParallaxCore
import ParallaxHTTP
import ParallaxPublishing
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

@Suite(.enabled(if: ChromaServer.python != nil, "\(ChromaServer.comment)"))
struct ChromaTests {
  private static func withServer(
    count: Int = 60, _ body: (PublishedBench, ChromaServer) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let server = try await ChromaServer(in: folder)
      defer { server.stop() }
      try await PublishedBench.inNewFolder(
        count: count, transport: PublishedBench.curl
      ) { try await body($0, server) }
    }
  }

  @Test func `only what changed is moved`() async throws {
    try await Self.withServer { try await $0.expectOnlyChangesMoved(at: $1.address) }
  }

  @Test func `a value that is gone here is gone there`() async throws {
    try await Self.withServer(count: 6) { bench, server in
      try bench.workspace.apply(
        [
          .setMetadata(PublishedBench.id(2), ["taken": .date("2024-05-31")]),
          .setMetadata(PublishedBench.id(3), ["taken": .date("2023-05-31")]),
        ], to: bench.space.collection)
      try await bench.publish(to: server.address)
      try bench.workspace.apply(
        [.setMetadata(PublishedBench.id(2), ["taken": .null])], to: bench.space.collection)
      #expect(try await bench.publish(to: server.address).updated == 1)
      for (condition, found) in [
        ("taken is not null", ["i0003"]), ("taken >= '2023'", ["i0003"]),
        ("not (taken < '2024')", []),
      ] {
        var query = Query(like: "i0000")
        query.condition = try WhereExpression(parsing: condition)
        #expect(
          try await bench.answer(query, on: server.address).ids == found)
      }
    }
  }

  @Test(arguments: Similarity.allCases)
  func `answers are those of the search here`(similarity: Similarity) async throws {
    try await Self.withServer { bench, server in
      try await bench.publish(to: server.address) { $0.similarity = similarity }
      var query = Query(like: "i0000")
      query.top = 12
      query.similarity = similarity
      let (there, here) = (
        try await bench.answer(query, on: server.address), try await bench.answerHere(query)
      )
      #expect(there.ids == here.ids)
      for (one, other) in zip(there.rankings[0].hits, here.rankings[0].hits) {
        #expect(abs(one.score - other.score) < 1e-3, "\(similarity)")
      }
      #expect(there.method.contains("approximate, hnsw"))
      let refusals: [(String, (inout Query) -> Void)] = [
        ("exact", { $0.method = .exact }), ("ef", { $0.expansion = 200 }),
        ("similarity", { $0.similarity = similarity == .cosine ? .dot : .cosine }),
      ]
      for (name, change) in refusals {
        var other = query
        change(&other)
        let error = await parallaxError { _ = try await bench.answer(other, on: server.address) }
        #expect(error?.parameter?.name == name)
      }
    }
  }

  @Test func `what is of others is left alone`() async throws {
    try await Self.withServer(count: 3) { bench, server in
      try await bench.publish(to: server.address)
      let error = await parallaxError {
        try await bench.publish(to: server.address) { $0.options[.connectivity] = "32" }
      }
      #expect(error?.parameter?.name == "m")
      try await PublishedBench.expectOthersLeftAlone(at: server.address)
      let short = await parallaxError {
        try await bench.publish(to: server.address) { $0.name = "ab" }
      }
      #expect(short?.message.contains("at least three characters") == true)
      let elsewhere = await parallaxError {
        try await bench.publish(to: server.address + "/default_tenant/nowhere")
      }
      #expect(elsewhere?.code == .engine)
    }
  }

  @Test func `an engine that goes in the middle keeps what it has`() async throws {
    try await Self.withServer(count: 6_000) {
      try await $0.expectNothingLostByCut(6_000, at: "chroma", port: $1.port)
    }
  }

  @Test func `it says what is said here, or refuses`() async throws {
    try await withTemporaryDirectory { folder in
      let server = try await ChromaServer(in: folder)
      defer { server.stop() }
      try await EngineConditionTests.withSpace(
        transport: PublishedBench.curl
      ) { bench in
        try await bench.publish(to: server.address)
        let refused = try await EngineConditionTests.compare(bench, at: server.address)
        let expected = EngineConditionTests.cases.map(\.text).filter { text in
          // 'like', texts and lists in an order, and two fields.
          text.contains("like") || text.contains("city >") || text.contains("city <")
            || text.contains("city between") || text.contains("code <") || text.contains("tags >")
            || text.contains("tags between") || text.contains("id >") || text.contains("sizes >")
            || text.contains("sizes <") || text.contains("sizes between")
            || text.contains("price") && !text.hasPrefix("price") && text.contains("n ")
            || [
              "big = price", "big < price", "n = big", "n < big", "city = code", "height = width",
            ]
            .contains(text)
        }
        #expect(refused == expected)
      }
    }
  }
}
