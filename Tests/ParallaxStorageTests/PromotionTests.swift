import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

/// Which space of a collection is meant when none is named.
@Suite struct PromotionTests {
  @Test func `each one is taken back, the last first`() async throws {
    try await withWorkspace { workspace in
      let collection = try workspace.createCollection(named: "c")
      let (a, b) = (
        try workspace.createSpace(named: "a", in: collection, spec: spec()),
        try workspace.createSpace(named: "b", in: collection, spec: spec(version: "2"))
      )
      func names() throws -> [String] {
        try workspace.promotions(in: collection).map(\.space.name)
      }
      #expect(try workspace.demote(collection) == nil)
      #expect(try workspace.promote(a) && workspace.promote(b) && workspace.promote(a))
      #expect(try !workspace.promote(a))
      #expect(try names() == ["a", "b", "a"])
      #expect(try workspace.demote(collection) == a)
      #expect(try names() == ["a", "b"])
      #expect(try workspace.demote(collection) == b && workspace.demote(collection) == a)
      #expect(try names() == [] && workspace.demote(collection) == nil)
    }
  }

  @Test func `a dropped space leaves no trace, and nothing promoted twice`() async throws {
    try await withWorkspace { workspace in
      let collection = try workspace.createCollection(named: "c")
      let other = try workspace.createCollection(named: "d")
      let (a, b) = (
        try workspace.createSpace(named: "a", in: collection, spec: spec()),
        try workspace.createSpace(named: "b", in: collection, spec: spec(version: "2"))
      )
      try workspace.promote(workspace.createSpace(named: "a", in: other, spec: spec()))
      for space in [a, b, a] { try workspace.promote(space) }
      try workspace.dropSpace(named: "b", in: collection)
      // Taking one back changes what is meant.
      #expect(try workspace.demote(collection) == a)
      #expect(try workspace.promotions(in: collection).isEmpty)
      #expect(try workspace.promotions(in: other).map(\.space.name) == ["a"])
      try workspace.dropCollection(named: "d")
      #expect(try workspace.read { try $0.integer("SELECT count(*) FROM promotion") } == 0)
      #expect(try workspace.check().isEmpty)
    }
  }

  @Test func `a changed row is damage with a name`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let workspace = try Workspace(path: path)
      let collection = try workspace.createCollection(named: "c")
      try workspace.promote(workspace.createSpace(named: "a", in: collection, spec: spec()))
      workspace.close()
      try Connection(path: path, access: .write).run("UPDATE promotion SET at = 'never'")
      let reopened = try Workspace(path: path)
      defer { reopened.close() }
      #expect(
        try reopened.check().map { "\($0.part): \($0.problem)" } == [
          "the promoted spaces: a row is not what was stored"
        ])
    }
  }
}
