import ParallaxCore
import ParallaxSearch
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

@Suite struct SpaceTests {
  private static func vectors(_ count: Int) -> [(id: String, vector: [Float])] {
    var random = SeededGenerator(seed: 7)
    return (0..<count).map { row in
      ("i\(row)", (0..<8).map { _ in Float.random(in: -1...1, using: &random) })
    }
  }

  @Test func `of one space no name is needed, of several 'base' is meant`() async throws {
    try await VectorBench.inNewFolder { bench in
      let only = try await bench.space("p", named: "x", [("a", [1, 0])])
      #expect(try bench.bench.space(SpaceReference("p")) == only)
      let second = try bench.bench.workspace.createSpace(
        named: "y", in: only.collection, spec: only.spec)
      #expect(try bench.bench.space(SpaceReference("p@y")) == second)
      let several = #expect(throws: ParallaxError.self) {
        try bench.bench.space(SpaceReference("p"))
      }
      #expect(several?.message == "collection 'p' has several spaces: p@x, p@y")
      let base = try bench.bench.workspace.createSpace(
        named: "base", in: only.collection, spec: only.spec)
      #expect(try bench.bench.space(SpaceReference("p")) == base)
      _ = try bench.bench.workspace.createCollection(named: "empty")
      let none = #expect(throws: ParallaxError.self) {
        try bench.bench.space(SpaceReference("empty"))
      }
      #expect(none?.message == "collection 'empty' is not embedded yet")
    }
  }

  @Test func `a space of copies is meant where copies are looked for, and nowhere else`()
    async throws
  {
    try await VectorBench.inNewFolder { bench in
      let meaning = try await bench.space("p", named: "x", [("a", [1, 0])])
      var spec = meaning.spec
      (spec.task, spec.queryTask) = (EmbeddingSpec.copyTask, EmbeddingSpec.copyTask)
      let workspace = bench.bench.workspace
      let copies = try workspace.createSpace(named: "c", in: meaning.collection, spec: spec)
      let name = SpaceReference("p")
      #expect(try bench.bench.space(name) == meaning)
      #expect(try bench.bench.spaceForCopies(name) == copies)
      #expect(
        try bench.bench.notes(on: copies, for: name)
          == ["'p' stands for 'p@c' here: it is of copies"])
      #expect(try bench.bench.notes(on: copies, for: SpaceReference("p@c")) == [])
      #expect(try bench.bench.spaceForCopies(SpaceReference("p@x")) == meaning)
      _ = try workspace.promote(meaning)
      #expect(try bench.bench.spaceForCopies(name) == meaning)
      _ = try workspace.demote(meaning.collection)
      spec.version += "+"
      _ = try workspace.createSpace(named: "d", in: meaning.collection, spec: spec)
      #expect(try bench.bench.spaceForCopies(name) == meaning)
      try workspace.dropSpace(named: "x", in: meaning.collection)
      try workspace.dropSpace(named: "d", in: meaning.collection)
      #expect(try bench.bench.space(name) == copies)
    }
  }

  @Test func `a space is read once for all who ask`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.vectors(50))
      let spaces = bench.bench.spaces
      let addresses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<8 {
          group.addTask {
            try await spaces.loading(space).loaded.matrix.withValues {
              Int(bitPattern: $0.baseAddress)
            }
          }
        }
        return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
      }
      #expect(addresses.count == 1)
      #expect(spaces.byteCount(of: space) == 50 * 8 * 4)
      #expect(spaces.unload(space))
      #expect(!spaces.unload(space))
      #expect(spaces.byteCount(of: space) == 0)
      #expect(spaces.entry(for: space) == nil)
    }
  }

  @Test func `a space given up while it is read is not kept`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.vectors(50))
      let spaces = bench.bench.spaces
      let entry = try await spaces.loading(space) { _ in spaces.unload(space) }
      #expect(entry.loaded.ids.count == 50)
      #expect(spaces.entry(for: space) == nil)
    }
  }

  @Test func `an index is measured, used, passed over below the floor, and dropped`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.vectors(400))
      let request = IndexRequest(
        options: GraphOptions(connectivity: 8, expansionAdd: 32), expansion: 32, rebuilds: false)
      let steps = Mutex(0)
      let made = try await bench.bench.index(space, request) { event in
        if case .progress = event { steps.withLock { $0 += 1 } }
      }
      #expect((made.added, made.graph.graph.count) == (400, 400))
      #expect(steps.withLock { $0 } > 0)
      #expect(try await bench.bench.index(space, request) { _ in }.added == 0)
      var query = Query(like: "i3")
      query.expansion = 400
      #expect(try await bench.answer(query, in: space).ids.first == "i3")
      #expect(try await bench.answer(query, in: space).method.hasPrefix("hnsw, recall@10 "))
      query.recallFloor = 1.1
      let warnings = Mutex<[String]>([])
      let passedOver = try await bench.bench.answer(query, in: [space], budget: nil) { event in
        if case .warning(let text) = event { warnings.withLock { $0.append(text) } }
      }
      #expect(passedOver.method == "exact")
      #expect(warnings.withLock(\.self).first?.hasPrefix("the index of 'p@base' found ") == true)
      bench.bench.dropIndex(of: space)
      let notes = Mutex<[String]>([])
      let exact = try await bench.bench.answer(query, in: [space], budget: nil) { event in
        if case .note(let text) = event { notes.withLock { $0.append(text) } }
      }
      #expect(exact.method == "exact")
      #expect(notes.withLock(\.self).first?.hasPrefix("'p@base' has no index") == true)
    }
  }

  @Test func `a damaged index is said, and every row is compared`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.vectors(100))
      let request = IndexRequest(options: GraphOptions(), expansion: 32, rebuilds: true)
      _ = try await bench.bench.index(space, request) { _ in }
      let path = IndexFiles.path(of: space, in: bench.bench.workspace)
      var bytes = try TestFiles.bytes(of: path)
      bytes[bytes.count / 2] ^= 0xFF
      try TestFiles.write(bytes, to: path)
      bench.bench.spaces.unload(space)
      let warnings = Mutex<[String]>([])
      let answer = try await bench.bench.answer(Query(like: "i1"), in: [space], budget: nil) {
        if case .warning(let text) = $0 { warnings.withLock { $0.append(text) } }
      }
      #expect(answer.method == "exact")
      #expect(warnings.withLock(\.self).first?.hasSuffix("; searched exactly") == true)
    }
  }
}
