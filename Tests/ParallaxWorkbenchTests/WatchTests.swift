import ParallaxCore
import ParallaxDigest
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

@Suite struct WatchTests {
  private static func insert(_ ids: [String], _ space: Space, _ workspace: Workspace) throws {
    try workspace.apply(
      ids.map { id in
        .insert(
          NewItem(
            id: ItemID(id),
            file: FileState(
              path: "/p/\(id).jpg", hash: Digest.sha256(id), size: 1, modified: 0),
            metadata: ["n": Value(id.utf8.count)]))
      }, to: space.collection)
  }

  private static func embed(
    _ vectors: [String: [Float]], _ space: Space, _ bench: VectorBench
  ) throws {
    let workspace = bench.bench.workspace
    try workspace.append(
      workspace.items(in: space.collection).compactMap { item in
        vectors[item.id.rawValue].map {
          StoredVector(item: item.rowID, hash: item.hash, vector: $0)
        }
      }, to: space)
    bench.bench.spaces.unload(space)
  }

  private static func request(_ name: String, _ terms: [Query.Term]) -> WatchRequest {
    WatchRequest(name: name, terms: terms, question: "--text right", minimumScore: 0.8)
  }

  private static func withWatch(
    _ body: (VectorBench, Space) async throws -> Void
  ) async throws {
    try await VectorBench.inNewFolder(answers: ["right": [1, 0]]) { bench in
      let space = try await bench.space("p", [("a", [1, 0.1]), ("b", [0, 1])])
      let added = try await bench.bench.addWatch(
        request("w", Query(text: "right").terms), to: space, budget: nil
      ) { _ in }
      #expect(added.matches == 1)
      try await body(bench, space)
    }
  }

  private static func news(_ bench: VectorBench, _ space: Space) async throws -> [[String]] {
    try await bench.bench.watchNews(in: space.collection) { _ in }.news
      .map { [$0.watch.name] + $0.hits.map(\.id.rawValue) }
  }

  @Test func `an item is found once, when it has a vector`() async throws {
    try await Self.withWatch { bench, space in
      let workspace = bench.bench.workspace
      #expect(try await Self.news(bench, space) == [])
      try Self.insert(["c", "d", "e"], space, workspace)
      #expect(try await Self.news(bench, space) == [])
      try Self.embed(["c": [1, 0.2], "d": [0.2, 1]], space, bench)
      #expect(try await Self.news(bench, space) == [["w", "c"]])
      #expect(try await Self.news(bench, space) == [])
      try Self.embed(["e": [1, 0]], space, bench)
      #expect(try await Self.news(bench, space) == [["w", "e"]])
      // Under another name it is the same.
      try workspace.apply([.rename(from: "e", to: "f", path: "/p/f.jpg")], to: space.collection)
      bench.bench.spaces.unload(space)
      #expect(try await Self.news(bench, space) == [])
      let shown = try await bench.bench.watched("w") { _ in }
      #expect(shown.hits.map(\.id.rawValue) == ["f", "a", "c"])
      #expect(shown.found.map { $0 == nil } == [false, true, false])
      let summary = try #require(try workspace.watchSummaries().first)
      #expect(summary.found == 2 && summary.lastFound != nil)
      #expect(try workspace.check(progress: nil).isEmpty)
    }
  }

  @Test func `the space made anew as it was finds nothing twice, another identity pauses`()
    async throws
  {
    try await Self.withWatch { bench, space in
      let workspace = bench.bench.workspace
      try workspace.dropSpace(named: "base", in: space.collection)
      let gone = try await bench.bench.watchNews(in: space.collection) { _ in }
      #expect(gone.news.isEmpty && gone.paused.count == 1 && gone.paused[0].contains("is gone"))
      let same = try workspace.createSpace(named: "base", in: space.collection, spec: space.spec)
      try Self.embed(["a": [1, 0.1], "b": [0, 1]], same, bench)
      #expect(try await Self.news(bench, same) == [])
      try workspace.dropSpace(named: "base", in: space.collection)
      var spec = space.spec
      spec.version = "another"
      let other = try workspace.createSpace(named: "base", in: space.collection, spec: spec)
      try Self.embed(["a": [1, 0], "b": [1, 0]], other, bench)
      let paused = try await bench.bench.watchNews(in: space.collection) { _ in }
      #expect(paused.news.isEmpty && paused.paused.count == 1)
      #expect(paused.paused[0].contains("another identity"))
      let shown = await failure { try await bench.bench.watched("w") { _ in } }
      #expect(shown?.code == .modelChanged)
    }
  }

  @Test func `a name is taken once, and the question is asked before nothing`() async throws {
    try await Self.withWatch { bench, space in
      let terms = Query(text: "right").terms
      let twice = await failure {
        try await bench.bench.addWatch(Self.request("w", terms), to: space, budget: nil) { _ in }
      }
      #expect(twice?.code == .alreadyExists)
      let unnamed = await failure {
        try await bench.bench.addWatch(Self.request("a b", terms), to: space, budget: nil) { _ in }
      }
      #expect(unnamed?.code == .invalidValue)
      let workspace = bench.bench.workspace
      let missing = await failure { try workspace.removeWatch(named: "v") }
      #expect(missing?.code == .unknownName)
      try workspace.removeWatch(named: "w")
      #expect(try workspace.watches().isEmpty)
      #expect(try workspace.check(progress: nil).isEmpty)
      _ = try await bench.bench.addWatch(Self.request("w", terms), to: space, budget: nil) { _ in }
      try workspace.dropCollection(named: "p")
      #expect(try workspace.watches().isEmpty)
    }
  }
}
