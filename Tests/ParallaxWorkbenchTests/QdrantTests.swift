import ParallaxConditions
import ParallaxCore
import ParallaxHTTP
import ParallaxPublishing
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

@Suite(.enabled(if: QdrantServer.python != nil, "\(QdrantServer.comment)"))
struct QdrantTests {
  private static func withServer(
    key: String? = nil, count: Int = 60, variables: [String: String] = [:],
    _ body: (PublishedBench, QdrantServer) async throws -> Void
  ) async throws {
    let server = try await QdrantServer(key: key)
    defer { server.stop() }
    try await PublishedBench.inNewFolder(
      count: count, variables: variables,
      transport: PublishedBench.curl
    ) { try await body($0, server) }
  }

  @Test func `only what changed is moved`() async throws {
    try await Self.withServer { try await $0.expectOnlyChangesMoved(at: $1.address) }
  }

  @Test(arguments: Similarity.allCases)
  func `answers are those of the search here`(similarity: Similarity) async throws {
    try await Self.withServer { bench, server in
      try await bench.publish(to: server.address) { $0.similarity = similarity }
      var query = Query(like: "i0000")
      query.top = 12
      query.similarity = similarity
      for method in [Query.Method.exact, .best] {
        query.method = method
        let (there, here) = (
          try await bench.answer(query, on: server.address), try await bench.answerHere(query)
        )
        #expect(there.ids == here.ids)
        for (one, other) in zip(there.rankings[0].hits, here.rankings[0].hits) {
          #expect(abs(one.score - other.score) < 1e-5)
        }
        #expect(there.method.contains(method == .exact ? ": exact" : "approximate, hnsw"))
      }
      query.similarity = similarity == .cosine ? .dot : .cosine
      let error = await parallaxError { _ = try await bench.answer(query, on: server.address) }
      #expect(error?.parameter?.name == "similarity")
    }
  }

  @Test func `a key is sent and never said`() async throws {
    let key = "qdrant-key-0123456789"
    try await Self.withServer(key: key, count: 3, variables: ["QDRANT_API_KEY": key]) {
      bench, server in
      let outcome = try await bench.publish(to: server.address)
      #expect(outcome.inserted == 3)
    }
    try await Self.withServer(key: key, count: 3, variables: ["QDRANT_API_KEY": "wrong-\(key)"]) {
      bench, server in
      let error = await parallaxError { try await bench.publish(to: server.address) }
      #expect(error?.code == .engine)
      #expect(error?.hint == QdrantEngine.secretRule)
      #expect(error?.description.contains(key) == false)
    }
  }

  @Test func `what is kept is not changed, and what is gone is said`() async throws {
    try await Self.withServer(count: 3) { bench, server in
      try await bench.publish(to: server.address)
      let options: [(EngineOption, String)] = [(.shards, "2"), (.quantization, "binary")]
      for (option, value) in options {
        let error = await parallaxError {
          try await bench.publish(to: server.address) { $0.options[option] = value }
        }
        #expect(error?.parameter?.name == option.rawValue)
      }
      let gone = await parallaxError { try await bench.publish(to: "qdrant://127.0.0.1:1") }
      #expect(gone?.code == .engine)
      #expect(gone?.hint?.contains("the same command goes on") == true)
    }
  }

  @Test func `an older server is refused`() async throws {
    let server = try await QdrantServer(version: "1.15.4")
    defer { server.stop() }
    try await PublishedBench.inNewFolder(
      count: 3, transport: PublishedBench.curl
    ) { bench in
      let error = await parallaxError { try await bench.publish(to: server.address) }
      #expect(error?.code == .unsupported)
      #expect(error?.message.contains("1.16") == true)
    }
  }

  @Test func `another workspace's points are left alone`() async throws {
    try await Self.withServer(count: 3) { bench, server in
      try await bench.publish(to: server.address) { $0.options[.quantization] = "scalar" }
      #expect(try await bench.answer(Query(like: "i0002"), on: server.address).ids[0] == "i0002")
      try await PublishedBench.expectOthersLeftAlone(at: server.address)
    }
  }

  @Test func `a date beside a field of nearly its name`() async throws {
    try await Self.withServer(count: 3) { bench, server in
      try bench.workspace.apply(
        [
          .setMetadata(
            PublishedBench.id(2), ["taken": .date("2024-05-31"), "taken_order": .integer(7)])
        ], to: bench.space.collection)
      try await bench.publish(to: server.address)
      for condition in ["taken >= '2024'", "taken_order = 7"] {
        var query = Query(like: "i0000")
        query.condition = try WhereExpression(parsing: condition)
        #expect(try await bench.answer(query, on: server.address).ids == ["i0002"])
      }
    }
  }

  @Test func `an engine that goes in the middle keeps what it has`() async throws {
    try await Self.withServer(count: 2_000) {
      try await $0.expectNothingLostByCut(2_000, at: "qdrant", port: $1.port)
    }
  }

  @Test func `it says what is said here, or refuses`() async throws {
    let server = try await QdrantServer()
    defer { server.stop() }
    try await EngineConditionTests.withSpace(
      transport: PublishedBench.curl
    ) { bench in
      try await bench.publish(to: server.address)
      let refused = try await EngineConditionTests.compare(bench, at: server.address)
      let expected = EngineConditionTests.cases.map(\.text).filter { text in
        // 'like', texts in an order, two fields, and whole numbers beyond 2^53 in an order.
        text.contains("like") || text.contains("city >") || text.contains("city <")
          || text.contains("city between") || text.contains("code <") || text.contains("tags >")
          || text.contains("tags between") || text.contains("id >")
          || ["big > 9", "big >= 9", "big < 9"].contains { text.hasPrefix($0) }
          || text.contains("price") && !text.hasPrefix("price") && text.contains("n ")
          || ["big = price", "big < price", "n = big", "n < big", "city = code", "height = width"]
            .contains(text)
      }
      #expect(refused == expected)
    }
  }
}
