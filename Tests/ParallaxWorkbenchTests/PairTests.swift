import ParallaxCore
import ParallaxDigest
import ParallaxSearch
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

@Suite struct PairTests {
  /// Notes and warnings.
  private final class Said: Sendable {
    let lines = Mutex<[String]>([])
  }

  private static func vectors(_ count: Int, seed: UInt64 = 3) -> [(id: String, vector: [Float])] {
    var random = SeededGenerator(seed: seed)
    let centres = (0..<8).map { _ in (0..<12).map { _ in Float.random(in: -1...1, using: &random) }
    }
    return (0..<count).map { row in
      (
        // Later items come between earlier ones.
        "i\(Digest.sha256("\(row)").description.prefix(8))",
        centres[row % 8].map { $0 + Float.random(in: -0.3...0.3, using: &random) }
      )
    }
  }

  private static func pairs(
    _ bench: VectorBench, _ space: Space, _ score: Double, said: Said? = nil
  ) async throws -> SpacePairs {
    try await bench.bench.pairs(of: space, minimumScore: score) { event in
      switch event {
      case .progress: break
      case .note(let text), .warning(let text): said?.lines.withLock { $0.append(text) }
      }
    }
  }

  private static func named(_ found: SpacePairs) -> [String] {
    found.pairs.map { "\(found.ids[Int($0.left)]) \(found.ids[Int($0.right)]) \($0.score)" }
  }

  @Test func `a higher score is a cut, and a lower one a new search`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.vectors(60))
      let first = try await Self.pairs(bench, space, 0.8)
      guard case .search(let summary) = first.origin else {
        Issue.record("nothing was kept")
        return
      }
      #expect(summary.compared == 60 * 59 / 2 && !first.pairs.isEmpty)
      let cut = try await Self.pairs(bench, space, 0.9)
      #expect(cut.origin == .kept && cut.pairs == first.pairs.filter { $0.score >= 0.9 })
      let lower = try await Self.pairs(bench, space, 0.5)
      #expect(lower.pairs.filter { $0.score >= 0.8 } == first.pairs)
      #expect(lower.origin != .kept)
      #expect(try await Self.pairs(bench, space, 0.8).origin == .kept)
      // The score is the one that a query shows.
      let pair = try #require(first.pairs.first)
      let answer = try await bench.answer(
        Query(like: first.ids[Int(pair.left)].rawValue), in: space)
      let hit = answer.rankings[0].hits.first { $0.id == first.ids[Int(pair.right)] }
      #expect(hit.map { Float($0.score) } == pair.score)
    }
  }

  @Test func `items added, changed and removed since make no difference`() async throws {
    try await VectorBench.inNewFolder { bench in
      let all = Self.vectors(60)
      let whole = try await bench.space("whole", all)
      let wanted = try await Self.pairs(bench, whole, 0.7)
      let space = try await bench.space("p", Array(all.prefix(45)))
      _ = try await Self.pairs(bench, space, 0.6)
      let workspace = bench.bench.workspace
      let added = all.dropFirst(45)
      try workspace.apply(
        added.map { item in
          .insert(
            NewItem(
              id: ItemID(item.id),
              file: FileState(
                path: "/p/\(item.id).jpg", hash: Digest.sha256(item.id), size: 1, modified: 0)))
        }, to: space.collection)
      let items = try workspace.items(in: space.collection)
      try workspace.append(
        added.compactMap { item in
          items.first { $0.id == ItemID(item.id) }.map {
            StoredVector(item: $0.rowID, hash: $0.hash, vector: item.vector)
          }
        }, to: space)
      bench.bench.spaces.unload(space)
      let extended = try await Self.pairs(bench, space, 0.7)
      #expect(extended.origin == .extended(items: 15))
      #expect(Self.named(extended) == Self.named(wanted))
      #expect(try await Self.pairs(bench, space, 0.7).origin == .kept)
      // Another vector for one item, and one item less.
      let changed = items[10]
      try workspace.append(
        [StoredVector(item: changed.rowID, hash: changed.hash, vector: all[0].vector)], to: space)
      try workspace.apply([.remove(items[20].id)], to: space.collection)
      bench.bench.spaces.unload(space)
      let later = try await Self.pairs(bench, space, 0.7)
      #expect(later.origin == .extended(items: 1))
      try workspace.discardPairs(of: space)
      #expect(try await Self.pairs(bench, space, 0.7).pairs == later.pairs)
      #expect(later.ids.count == 59 && later.itemCount == 59)
    }
  }

  @Test func `pairs kept far down keep no later search from being answered`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.vectors(60))
      let loaded = try await bench.bench.spaces.loading(space).loaded
      func search(_ floor: Float, most: Int) -> PairSearch {
        PairSearch(loaded, floor: floor, atMost: most, until: ScanStop()) { _, _ in }
      }
      let (all, _) = try search(-1, most: 2_000).run(from: nil)
      let (wanted, _) = try search(0.9, most: 2_000).run(from: nil)
      // As if items 40 to 59 had come since.
      var kept = all
      kept.members.removeSubrange(40...)
      kept.pairs.removeAll { $0.right >= 40 }
      // More fresh pairs than may be, and more with those that are kept.
      for most in [900, 1_100] {
        let (found, origin) = try search(0.9, most: most).run(from: kept)
        #expect(found.pairs == wanted.pairs && found.floor == 0.9 && origin != .kept)
      }
      let (extended, _) = try search(0.9, most: 2_000).run(from: kept)
      #expect(extended.pairs == all.pairs && extended.floor == -1)
      #expect(throws: ParallaxError.self) { try search(-1, most: 900).run(from: kept) }
    }
  }

  @Test func `damaged pairs are said and found again`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.vectors(30))
      let first = try await Self.pairs(bench, space, 0.6)
      let workspace = bench.bench.workspace
      var kept = try #require(try workspace.pairs(of: space))
      kept.pairs[0].right = 200
      try workspace.keep(kept, of: space, created: "2026-11-26T00:00:00Z")
      let said = Said()
      let again = try await Self.pairs(bench, space, 0.6, said: said)
      #expect(again.pairs == first.pairs && again.origin != .kept)
      #expect(said.lines.withLock { $0 }.contains { $0.contains("'p@base' are damaged") })
      #expect(try await Self.pairs(bench, space, 0.6, said: said).origin == .kept)
    }
  }

  @Test func `coverage, zero vectors and equal files are told`() async throws {
    try await VectorBench.inNewFolder { bench in
      var vectors = Self.vectors(20)
      vectors[4].vector = Array(repeating: 0, count: 12)
      let space = try await bench.space("p", vectors)
      try bench.bench.workspace.apply(
        ["x", "y"].map { name in
          .insert(
            NewItem(
              id: ItemID(name),
              file: FileState(
                path: "/p/\(name).jpg", hash: Digest.sha256("same"), size: 1, modified: 0)))
        }, to: space.collection)
      let found = try await Self.pairs(bench, space, -1)
      #expect(found.withoutVector == 2 && found.withoutDirection == 1)
      #expect(found.pairs.count == 19 * 18 / 2)
      #expect(found.copies == [[ItemID("x"), ItemID("y")]])
      for score in [1.01, -1.5, .nan] {
        await #expect(throws: ParallaxError.self) { try await Self.pairs(bench, space, score) }
      }
    }
  }

  @Test func `pairs through the index are those it finds, measured, and are not kept`() async throws
  {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.vectors(120))
      func indexed() async throws -> SpacePairs {
        try await bench.bench.pairs(of: space, minimumScore: 0.8, throughIndex: true) { _ in }
      }
      let error = await #expect(throws: ParallaxError.self) { try await indexed() }
      #expect(error?.message == "'p@base' has no index")
      _ = try await bench.bench.index(
        space, IndexRequest(options: GraphOptions(), expansion: 64, rebuilds: false)
      ) { _ in }
      let found = try await indexed()
      guard case .index(let recall) = found.origin else {
        Issue.record("the index was not asked")
        return
      }
      #expect(try bench.bench.workspace.pairs(of: space) == nil)
      let exact = try await Self.pairs(bench, space, 0.8)
      #expect(recall.rows == 120 && recall.wanted == exact.pairs.count)
      #expect(recall.found == found.pairs.count)
      #expect(found.pairs == exact.pairs.filter(Set(found.pairs).contains))
    }
  }

  @Test func `too many pairs end the search, and the error names a score that leaves fewer`()
    async throws
  {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.vectors(4))
      let limit = PairLimit(of: space, floor: 0.25, total: 4_000, most: 900)
      limit.compared = 2_000
      let pairs = (0..<1_000).map { number -> RowPair in
        let score: Float = number % 50 == 0 ? 0.95 : 0.7
        return RowPair(left: 0, right: Int32(number), score: score)
      }
      try limit.add(pairs.prefix(900))
      let error = #expect(throws: ParallaxError.self) { try limit.add(pairs.suffix(100)) }
      #expect(error?.message == "more than 900 pairs of 'p@base' reach 0.25")
      // Of twice as many pairs as were compared; 45 are a twentieth of the most.
      #expect(error?.hint == "about 40 reach 0.7")
    }
  }
}
