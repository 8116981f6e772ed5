import ParallaxCore
import ParallaxDigest
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

@Suite struct SpaceTests {
  private func withSpace(
    _ body: (Workspace, ItemCollection, Space) async throws -> Void
  ) async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(["c", "a", "b"].map { .insert(item($0)) }, to: photos)
      try await body(
        workspace, photos, try workspace.createSpace(named: "base", in: photos, spec: spec()))
    }
  }

  @Test func `the same identity is the same space, another is refused by name`() async throws {
    try await withSpace { workspace, photos, space in
      let again = try workspace.createSpace(named: "base", in: photos, spec: spec())
      #expect(again == space)
      #expect(try workspace.space(named: "base", in: photos) == space)
      #expect(space.reference == "photos@base")
      var other = spec(dimension: 8, model: "small")
      other.task = "RETRIEVAL_DOCUMENT"
      let error = parallaxError {
        try workspace.createSpace(named: "base", in: photos, spec: other)
      }
      #expect(error?.code == .alreadyExists)
      #expect(
        error?.message == """
          'photos@base' has another identity: model is 'tiny' there and 'small' here, task is '' \
          there and 'RETRIEVAL_DOCUMENT' here, dimension is '4' there and '8' here
          """)
      #expect(try workspace.spaces(in: photos).count == 1)
      let unknown = parallaxError { try workspace.space(named: "bsae", in: photos) }
      #expect(unknown?.message == "'photos' has no space 'bsae'")
      #expect(unknown?.hint == "did you mean 'base'?")
    }
  }

  @Test func `an identity comes back whole`() async throws {
    try await withSpace { workspace, photos, _ in
      let full = EmbeddingSpec(
        provider: "gemini", model: "m", version: "v", task: "D", queryTask: "Q", dimension: 3_072,
        preprocessing: "p", isNormalized: false, content: .joint)
      _ = try workspace.createSpace(named: "full", in: photos, spec: full)
      #expect(try workspace.space(named: "full", in: photos).spec == full)
      let zero = parallaxError {
        try workspace.createSpace(named: "zero", in: photos, spec: spec(dimension: 0))
      }
      #expect(zero?.code == .invalidValue)
    }
  }

  @Test func `vectors belong to bytes: changed, removed and reverted items`() async throws {
    try await withSpace { workspace, photos, space in
      for (index, id) in ["a", "b", "c"].enumerated() {
        try workspace.append(id, [Float](repeating: Float(index), count: 4), to: space)
      }
      #expect(try workspace.load(space).ids == ["a", "b", "c"])
      try workspace.apply(
        [
          .update("a", file("a.jpg", content: "new")), .remove("b"),
          .rename(from: "c", to: "0", path: "0.jpg"),
        ], to: photos)
      let changed = try workspace.load(space)
      #expect(changed.ids == ["0"])
      #expect(changed.matrix.row(0) == [2, 2, 2, 2])
      #expect(changed.row(of: "0") == 0)
      #expect(changed.row(of: "a") == nil)
      #expect(Set(try workspace.embeddedHashes(in: space).keys) == Set(changed.items))
      try workspace.append("a", [9, 9, 9, 9], to: space)
      #expect(try workspace.load(space).matrix.row(1) == [9, 9, 9, 9])
      try workspace.apply([.update("a", file("a.jpg"))], to: photos)
      #expect(try workspace.load(space).matrix.row(1) == [0, 0, 0, 0])
      let summary = try #require(try workspace.summaries(of: [space]).first)
      #expect((summary.itemCount, summary.vectorCount, summary.bytes) == (2, 2, 64))
    }
  }

  @Test(
    arguments: [[1, 2, 3], [1, 2, 3, 4, 5], [1, 2, 3, .nan], [1, .infinity, 3, 4]] as [[Float]])
  func `a vector that does not belong is refused with its batch`(_ vector: [Float]) async throws {
    try await withSpace { workspace, photos, space in
      let (a, b) = (try workspace.row("a", photos), try workspace.row("b", photos))
      let error = parallaxError {
        try workspace.append(
          [
            StoredVector(item: a.rowID, hash: a.hash, vector: [1, 2, 3, 4]),
            StoredVector(item: b.rowID, hash: b.hash, vector: vector),
          ], to: space)
      }
      #expect(error?.code == .invalidValue)
      #expect(
        error?.message.hasPrefix(
          "a vector of 'photos@base' has 4 finite values; that of 'b' has ") == true)
      #expect(try workspace.load(space).ids.isEmpty)
    }
  }

  @Test func `vectors are used again for the same bytes and identity only`() async throws {
    try await withSpace { workspace, photos, space in
      try workspace.append("a", [1, 2, 3, 4], to: space)
      let art = try workspace.createCollection(named: "art")
      let other = try workspace.createSpace(named: "base", in: art, spec: spec(version: "2"))
      try workspace.apply([.insert(item("z"))], to: art)
      try workspace.append("z", [4, 3, 2, 1], to: other)
      let (a, z) = (Digest.sha256("a.jpg"), Digest.sha256("z.jpg"))
      #expect(try workspace.reusableVectors(for: [a, z], spec: spec()) == [a: [1, 2, 3, 4]])
      #expect(
        try workspace.reusableVectors(for: [a, z], spec: spec(version: "2")) == [z: [4, 3, 2, 1]])
      #expect(try workspace.reusableVectors(for: [a], spec: spec(model: "x")) == [:])
      #expect(try workspace.reusableVectors(for: [], spec: spec()) == [:])
      try workspace.apply([.remove("a")], to: photos)
      #expect(try workspace.reusableVectors(for: [a], spec: spec()) == [a: [1, 2, 3, 4]])
      try workspace.dropSpace(named: "base", in: photos)
      #expect(try workspace.reusableVectors(for: [a], spec: spec()) == [:])
    }
  }

  @Test func `vectors are used again from those of other tasks that share them`() async throws {
    try await withSpace { workspace, photos, space in
      try workspace.append("a", [1, 2, 3, 4], to: space)
      let a = Digest.sha256("a.jpg")
      var other = spec()
      (other.task, other.queryTask) = ("COPY", "COPY")
      #expect(try workspace.reusableVectors(for: [a], spec: other) == [:])
      #expect(
        try workspace.reusableVectors(for: [a], spec: other) { $0 == space.spec.task }
          == [a: [1, 2, 3, 4]])
      #expect(try workspace.reusableVectors(for: [a], spec: other) { $0 == "COPY" } == [:])
      // Its own task always counts.
      #expect(
        try workspace.reusableVectors(for: [a], spec: spec()) { _ in false } == [a: [1, 2, 3, 4]])
    }
  }

  @Test func `failures hold until the bytes change or a vector comes`() async throws {
    try await withSpace { workspace, photos, space in
      for id in ["b", "a", "c"] {
        let row = try workspace.row(id, photos)
        try workspace.recordFailure(
          of: row.rowID, hash: row.hash, error: ParallaxError(.unsupported, "no pixels in '\(id)'"),
          in: space)
      }
      let failures = try workspace.failures(in: space)
      #expect(failures.map(\.id) == ["a", "b", "c"])
      #expect(failures.first?.code == "unsupported")
      #expect(failures.first?.message == "no pixels in 'a'")
      #expect(failures.first?.path == "a.jpg")
      try workspace.append("a", [1, 2, 3, 4], to: space)
      try workspace.apply([.update("b", file("b.jpg", content: "repaired"))], to: photos)
      #expect(try workspace.failures(in: space).map(\.id) == ["c"])
      #expect(try workspace.summaries(of: [space]).first?.failureCount == 1)
      try workspace.apply([.remove("c")], to: photos)
      #expect(try workspace.failures(in: space).isEmpty)
    }
  }

  @Test func `dropping a space gives its room back`() async throws {
    try await withSpace { workspace, photos, _ in
      let large = try workspace.createSpace(
        named: "large", in: photos, spec: spec(dimension: 4_096))
      let row = try workspace.row("a", photos)
      let vector = [Float](repeating: 1, count: 4_096)
      let many = (0..<260).map { _ in
        StoredVector(item: row.rowID, hash: row.hash, vector: vector)
      }
      try workspace.append(many, to: large)
      let pages = try workspace.read { try $0.integer("PRAGMA page_count") }
      let chunks = try workspace.read { try $0.integer("SELECT count(*) FROM chunk") }
      #expect(chunks == 2)
      try workspace.dropSpace(named: "large", in: photos)
      let left = try workspace.read { try $0.integer("PRAGMA page_count") }
      #expect(left < pages / 5)
    }
  }
}
