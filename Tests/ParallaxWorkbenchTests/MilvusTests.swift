import ParallaxConditions
import ParallaxCore
import ParallaxHTTP
import ParallaxPublishing
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

@Suite(.enabled(if: MilvusServer.python != nil, "\(MilvusServer.comment)"))
struct MilvusTests {
  private static func withServer(
    count: Int = 60, dimension: Int = 8,
    _ body: (PublishedBench, MilvusServer) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let server = try await MilvusServer(in: folder)
      defer { server.stop() }
      try await PublishedBench.inNewFolder(
        count: count, dimension: dimension, transport: PublishedBench.curl
      ) { try await body($0, server) }
    }
  }

  @Test func `only what changed is moved`() async throws {
    try await Self.withServer { try await $0.expectOnlyChangesMoved(at: $1.address) }
  }

  @Test func `that a collection is made anew is said`() async throws {
    try await Self.withServer(count: 3) { bench, server in
      let said = Mutex<[String]>([])
      func publish() async throws -> [String] {
        said.withLock { $0 = [] }
        _ = try await bench.bench.publish(
          bench.space, PublishRequest(address: try EngineAddress(server.address), sample: 0)
        ) { event in
          if case .note(let text) = event { said.withLock { $0.append(text) } }
        }
        return said.withLock { $0 }
      }
      #expect(try await publish() == [])
      try bench.workspace.apply(
        [.setMetadata(PublishedBench.id(1), ["city": "Rome"])], to: bench.space.collection)
      let notes = try await publish()
      #expect(notes.count == 1 && notes[0].contains("'photos_base' is made anew"))
      #expect(try await publish() == [])
    }
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
        #expect(try await bench.answer(query, on: server.address).ids == found)
      }
    }
  }

  @Test(arguments: ["hnsw", "ivfflat", "ivfsq8", "none"], Similarity.allCases)
  func `answers are those of the search here`(
    index: String, similarity: Similarity
  ) async throws {
    try await Self.withServer { bench, server in
      try await bench.publish(to: server.address) {
        $0.similarity = similarity
        $0.options[.index] = index
      }
      var query = Query(like: "i0000")
      query.top = 12
      query.similarity = similarity
      let (there, here) = (
        try await bench.answer(query, on: server.address), try await bench.answerHere(query)
      )
      // Lists are looked through in part, and eight bits a number are not all of it.
      let isWhole = ["hnsw", "none"].contains(index)
      if isWhole { #expect(there.ids == here.ids) }
      let scores = Dictionary(
        uniqueKeysWithValues: here.rankings[0].hits.map { ($0.id, $0.score) })
      for hit in there.rankings[0].hits {
        guard let score = scores[hit.id] else { continue }
        #expect(abs(hit.score - score) < (index == "ivfsq8" ? 0.02 : 1e-4), "\(similarity)")
      }
      #expect(there.method.contains("approximate") == (index != "none"))
      let refusals: [(String, Bool, (inout Query) -> Void)] = [
        ("exact", index != "none", { $0.method = .exact }),
        ("ef", index != "hnsw" || similarity != .cosine, { $0.expansion = 200 }),
        ("similarity", true, { $0.similarity = similarity == .cosine ? .dot : .cosine }),
      ]
      for (name, isRefused, change) in refusals {
        var other = query
        change(&other)
        let error = await parallaxError { _ = try await bench.answer(other, on: server.address) }
        #expect(error?.parameter?.name == (isRefused ? name : nil))
      }
    }
  }

  @Test(arguments: ["hnsw", "ivfflat"])
  func `a condition that few pass leaves no hit out`(index: String) async throws {
    try await Self.withServer(count: 2_000) { bench, server in
      try await bench.publish(to: server.address) { $0.options[.index] = index }
      var query = Query(like: "i0000")
      query.top = 20
      for condition in ["n < 40", "n in (3, 500, 1500)", "n < 0"] {
        query.condition = try WhereExpression(parsing: condition)
        let there = try await bench.answer(query, on: server.address)
        #expect(there.ids == (try await bench.answerHere(query)).ids, "\(condition)")
      }
    }
  }

  @Test(arguments: ["ivfpq", "diskann"])
  func `what Milvus Lite never builds is refused`(index: String) async throws {
    try await Self.withServer { bench, server in
      let error = await parallaxError {
        try await bench.publish(to: server.address) { $0.options[.index] = index }
      }
      #expect(error?.parameter?.name == "index")
      #expect(error?.message.contains("Milvus Lite") == true)
      // Nothing was made.
      let outcome = try await bench.dryRun(to: server.address)
      #expect(outcome.inserted == 60)
    }
  }

  @Test(arguments: [1, 32_768]) func `dimensions far apart are kept`(dimension: Int) async throws {
    try await Self.withServer(count: 3, dimension: dimension) { bench, server in
      let outcome = try await bench.publish(to: server.address)
      #expect(outcome.counts == [3, 0, 0, 0])
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
      let elsewhere = await parallaxError {
        try await bench.publish(to: server.address + "/nowhere")
      }
      #expect(elsewhere?.code == .engine)
      try await server.makeForeignCollection(named: "theirs")
      let changes: [() async throws -> Void] = [
        { try await bench.publish(to: server.address) { $0.name = "theirs" } },
        {
          _ = try await bench.bench.dropPublication(
            of: SpaceReference("photos@base"), at: EngineAddress(server.address), named: "theirs")
        },
      ]
      for change in changes {
        let error = await parallaxError(change)
        #expect(error?.code == .notOurs)
      }
    }
  }

  @Test func `another token is refused, and shown to nobody`() async throws {
    try await withTemporaryDirectory { folder in
      let server = try await MilvusServer(in: folder, token: "root:p4ssw0rd")
      defer { server.stop() }
      for (token, isRight) in [("root:p4ssw0rd", true), ("root:m1sspelt", false), (nil, false)] {
        try await PublishedBench.inNewFolder(
          count: 3, variables: token.map { ["MILVUS_TOKEN": $0] } ?? [:],
          transport: PublishedBench.curl
        ) { bench in
          let error = await parallaxError { _ = try await bench.dryRun(to: server.address) }
          #expect(error?.code == (isRight ? nil : .engine))
          // RFC 4648 of the wrong one, which the server repeats.
          let said = "\(error?.message ?? "") \(error?.hint ?? "")"
          #expect(!said.contains("cm9vdDptMXNzcGVsdA") && !said.contains("m1sspelt"))
          #expect(isRight || said.contains("100 %") && said.contains("MILVUS_TOKEN"))
        }
      }
    }
  }

  @Test func `an engine that goes in the middle keeps what it has`() async throws {
    try await Self.withServer(count: 6_000) {
      try await $0.expectNothingLostByCut(6_000, at: "milvus", port: $1.port)
    }
  }

  @Test func `what was written outlives its server`() async throws {
    try await withTemporaryDirectory { folder in
      try await PublishedBench.inNewFolder(transport: PublishedBench.curl) { bench in
        let first = try await MilvusServer(in: folder)
        try await bench.publish(to: first.address)
        first.stop()
        let gone = await parallaxError { _ = try await bench.dryRun(to: first.address) }
        #expect(gone?.code == .engine)
        let second = try await MilvusServer(in: folder, port: first.port)
        defer { second.stop() }
        #expect(try await bench.publish(to: second.address).counts == [0, 0, 0, 60])
      }
    }
  }

  @Test func `a program that is killed loses and doubles nothing`() async throws {
    let program = try #require(builtProduct(named: "parallax"))
    try await withTemporaryDirectory { folder in
      let server = try await MilvusServer(in: folder)
      defer { server.stop() }
      let path = folder + "/work.parallax"
      let workspace = try Workspace(path: path)
      _ = try PublishedBench.makeSpace(in: workspace, count: 1_500, dimension: 1_000)
      workspace.close()
      func run(through port: Int) throws -> ProgramRun {
        let address = "milvus://127.0.0.1:\(port)"
        return try ProgramRun(
          program, [path, "-c", "set mode csv ; publish photos@base --certify 0 --to \(address)"])
      }
      // Within the first request with rows, and within the second.
      for place in [1 << 20, 5 << 20] {
        let proxy = try await CuttingProxy(to: server.port, .hold, after: place, in: folder)
        let killed = try run(through: proxy.port)
        try await eventually("the cut") { proxy.hasFailed }
        killed.kill()
        #expect(await killed.finish().code == 128 + 9)
        proxy.stop()
      }
      let outcome = await (try run(through: server.port)).finish()
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains(",photos_base,500,0,0,1000,1500,"), "\(outcome.output)")
      let again = await (try run(through: server.port)).finish()
      #expect(again.output.contains(",photos_base,0,0,0,1500,1500,"), "\(again.output)")
    }
  }

  @Test func `an interrupted publish stops, and goes on`() async throws {
    try await Self.withServer(count: 3_000, dimension: 500) { bench, server in
      let proxy = try await CuttingProxy(
        to: server.port, .hold, after: 1 << 20, in: bench.folder)
      defer { proxy.stop() }
      let publish = Task { try await bench.publish(to: "milvus://127.0.0.1:\(proxy.port)") }
      try await eventually("the cut") { proxy.hasFailed }
      publish.cancel()
      let error = await parallaxError { _ = try await publish.value }
      #expect(error?.code == .cancelled)
      let outcome = try await bench.publish(to: server.address)
      #expect(outcome.inserted + outcome.unchanged == 3_000)
    }
  }

  @Test func `it says what is said here, or refuses`() async throws {
    try await withTemporaryDirectory { folder in
      let server = try await MilvusServer(in: folder)
      defer { server.stop() }
      try await EngineConditionTests.withSpace(transport: PublishedBench.curl) { bench in
        try await bench.publish(to: server.address)
        let refused = try await EngineConditionTests.compare(bench, at: server.address)
        let expected = EngineConditionTests.cases.map(\.text).filter { text in
          // Patterns with '_' and '\\', lists in an order or with a pattern, and fields of two kinds.
          text.contains("like") && (text.contains("_") || text.contains("\\"))
            || text.hasPrefix("tags like") || text.hasPrefix("tags not like")
            || text.contains("tags >") || text.contains("tags between") || text.contains("sizes >")
            || text.contains("sizes <") || text.contains("sizes between")
            || ["n < price", "n >= price", "n = price", "big = price", "big < price"].contains(text)
            || text == "not (n < price)" || text == "n between 1 and price"
        }
        #expect(refused == expected)
      }
    }
  }
}
