import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

@Suite struct PublicationTests {
  private static func publication(
    _ collection: ItemCollection, url: String = "postgres://h/d", name: String = "t",
    count: Int = 3, _ certificate: Publication.Certificate? = nil
  ) -> Publication {
    Publication(
      collection: collection, space: "base", identity: "model=m", url: url, name: name,
      engine: "PostgreSQL 16.1", similarity: .dot, options: "index=none",
      published: "2026-01-02T03:04:05Z", count: count, stamp: nil, certificate: certificate)
  }

  @Test func `one is kept for each table, and gives way to a newer one`() async throws {
    try await withWorkspace { workspace in
      let collection = try workspace.createCollection(named: "one")
      let certificate = Publication.Certificate(
        measured: "2026-01-02T03:04:06Z", depth: 10, questions: 5, seed: 1, wanted: 50, found: 49,
        low: 0.9, high: 1)
      let all = [
        Self.publication(collection), Self.publication(collection, url: "qdrant://h"),
        Self.publication(collection, name: "u", certificate),
      ]
      for publication in all { try workspace.keep(publication) }
      #expect(try workspace.publications(of: collection) == all)
      #expect(certificate.recall == 0.98)
      let newer = Self.publication(collection, count: 4)
      try workspace.keep(newer)
      #expect(try workspace.publications(of: collection) == [all[1], all[2], newer])
      try workspace.forget(all[2])
      #expect(try workspace.publications(of: collection) == [all[1], newer])
      #expect(try workspace.check(progress: nil).isEmpty)
      try workspace.dropCollection(named: "one")
      #expect(try workspace.check(progress: nil).isEmpty)
    }
  }

  @Test func `a stamp tells states apart`() async throws {
    try await withWorkspace { workspace in
      let collection = try workspace.createCollection(named: "one")
      let space = try workspace.createSpace(named: "base", in: collection, spec: spec())
      let other = try workspace.createSpace(named: "other", in: collection, spec: spec())
      var stamps: [String?] = [try workspace.stamp(of: space)]
      try workspace.apply([.insert(item("a", ["n": 1]))], to: collection)
      stamps.append(try workspace.stamp(of: space))
      try workspace.append("a", [1, 0, 0, 0], to: space)
      stamps.append(try workspace.stamp(of: space))
      try workspace.append("a", [0, 1, 0, 0], to: other)
      #expect(try workspace.stamp(of: space) == stamps.last)
      try workspace.apply([.setMetadata("a", ["n": 2])], to: collection)
      stamps.append(try workspace.stamp(of: space))
      #expect(!stamps.contains(nil))
      #expect(Set(stamps).count == stamps.count)
    }
  }

  @Test func `vectors are read a chunk at a time, those that count`() async throws {
    try await withWorkspace { workspace in
      let collection = try workspace.createCollection(named: "one")
      let space = try workspace.createSpace(named: "base", in: collection, spec: spec())
      try workspace.apply(["a", "b", "c"].map { .insert(item($0)) }, to: collection)
      for (id, value) in [("a", 1), ("b", 2), ("a", 3), ("c", 4)] as [(String, Float)] {
        try workspace.append(id, [value, 0, 0, 0], to: space)
      }
      try workspace.apply([.remove("c")], to: collection)
      let vectors = try workspace.liveVectors(in: space)
      #expect((vectors.count, vectors.chunks.count) == (2, 2))
      let parts = try vectors.chunks.map { try workspace.part($0, of: vectors) }
      #expect(parts.flatMap(\.ids) == ["b", "a"])
      #expect(parts.map(\.vectors) == [[2, 0, 0, 0], [3, 0, 0, 0]])
      #expect(try parts[1].items == [workspace.row("a", collection).rowID])
    }
  }
}
