import ParallaxCore
import ParallaxEvaluation
import ParallaxDigest
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

@Suite struct GroupVerdictTests {
  /// Unit vectors at so many degrees.
  private static func at(_ degrees: [String: Double]) -> [(id: String, vector: [Float])] {
    let vectors: [Double: [Float]] = [
      0: [1, 0], 10: [0.985, 0.173], 20: [0.94, 0.342], 90: [0, 1],
    ]
    return degrees.sorted { $0.key < $1.key }.map { id, degree in (id, vectors[degree] ?? []) }
  }

  private static func groups(
    _ bench: VectorBench, _ space: Space, _ score: Double = 0.98
  ) async throws -> ItemGroups {
    try await bench.bench.groups(of: space, GroupRequest(minimumScore: score)) { _ in }
  }

  private static func named(_ found: ItemGroups) -> [[String]] {
    found.groups.map { $0.members.map(\.item.id.rawValue) }
  }

  private static func say(
    _ bench: VectorBench, _ answer: Verdict.Answer, _ one: String, _ other: String
  ) throws {
    let pair = try #require(ContentPair(Digest.sha256(one), Digest.sha256(other)))
    try bench.bench.workspace.keep([Verdict(pair, answer, at: "2026-11-26T00:00:00Z")])
  }

  @Test func `verdicts join and part what cosines do not`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.at(["a": 0, "b": 10, "c": 20, "d": 90]))
      #expect(Self.named(try await Self.groups(bench, space)) == [["a", "b"]])
      try Self.say(bench, .duplicate, "d", "a")
      // Complete linkage: b is like a, and not like d, which a person said is a.
      let joined = try await Self.groups(bench, space)
      #expect(Self.named(joined) == [["a", "d"], ["b", "c"]])
      #expect(joined.verdicts.duplicates == 1 && joined.verdicts.distinct == 0)
      #expect(joined.groups[0].minimum == 0 && joined.groups[0].diameter == 0)
      #expect(joined.groups[0].members.count { $0.likeness == .verdict } == 1)
      #expect(joined.groups[1].members.count { $0.likeness == .near } == 1)
      try Self.say(bench, .distinct, "b", "c")
      #expect(Self.named(try await Self.groups(bench, space)) == [["a", "d"]])
    }
  }

  @Test func `a contradiction is told, and nothing is chosen`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.at(["a": 0, "b": 10, "c": 20, "d": 90]))
      try Self.say(bench, .duplicate, "a", "d")
      try Self.say(bench, .duplicate, "d", "c")
      try Self.say(bench, .distinct, "c", "a")
      let found = try await Self.groups(bench, space)
      #expect(found.verdicts.contradictions == [["a", "d", "c"]])
      #expect(found.verdicts.duplicates == 0 && found.verdicts.distinct == 1)
      #expect(Self.named(found) == [["a", "b"]])
      // What is distinct stays apart at any threshold.
      #expect(
        !Self.named(try await Self.groups(bench, space, -1)).contains {
          $0.contains("a") && $0.contains("c")
        })
    }
  }

  @Test func `the same pixels give way to what people said`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.at(["a": 0, "b": 10, "c": 20, "d": 90]))
      let items = try bench.bench.workspace.items(in: space.collection).sorted { $0.id < $1.id }
      func verdict(_ answer: Verdict.Answer, _ one: Int, _ other: Int) throws -> Verdict {
        let pair = try #require(ContentPair(items[one].hash, items[other].hash))
        return Verdict(pair, answer, at: "2026-11-26T00:00:00Z")
      }
      let duplicate = try verdict(.duplicate, 0, 2)
      let plain = GroupVerdicts([duplicate], items, twins: [[0, 1]])
      #expect(plain.pairs.joined == [[0, 1, 2]] && plain.twins == [[0, 1]])
      // Nobody said that a is b: the verdict on a and c holds.
      let parted = GroupVerdicts(
        [duplicate, try verdict(.distinct, 1, 2)], items, twins: [[0, 1]])
      #expect(parted.pairs.joined == [[0, 2]] && parted.twins.isEmpty)
      #expect(parted.duplicates == 1 && parted.distinct == 1 && parted.contradictions.isEmpty)
      // Two sets with the same pixels lead from b to d.
      let crossed = GroupVerdicts(
        [duplicate, try verdict(.distinct, 1, 3)], items, twins: [[0, 1], [2, 3]])
      #expect(crossed.pairs.joined == [[0, 2]] && crossed.twins.isEmpty)
      #expect(crossed.duplicates == 1 && crossed.contradictions.isEmpty)
    }
  }

  @Test func `verdicts of items without a vector join them without a score`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.at(["a": 0, "d": 90]))
      let workspace = bench.bench.workspace
      try workspace.apply(
        [
          .insert(
            NewItem(
              id: "late",
              file: FileState(
                path: "/late", hash: Digest.sha256("late"), size: 1, modified: 1)))
        ],
        to: space.collection)
      try Self.say(bench, .duplicate, "late", "a")
      let found = try await Self.groups(bench, space)
      #expect(Self.named(found) == [["a", "late"]])
      let group = found.groups[0]
      #expect(group.members.allSatisfy { $0.score == nil })
      #expect(group.minimum == nil && group.diameter == nil && group.bridges.isEmpty)
    }
  }
}
