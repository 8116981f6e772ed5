import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

/// What there is, and how many vectors of it.
@Suite struct SummaryTests {
  @Test func `naming collections and spaces reads no vectors`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let writer = try Workspace(path: path)
      let photos = try writer.createCollection(named: "photos")
      try writer.apply([.insert(item("a"))], to: photos)
      let base = try writer.createSpace(named: "base", in: photos, spec: spec())
      let other = try writer.createSpace(named: "other", in: photos, spec: spec(dimension: 8))
      writer.close()
      // Whatever looks at a stored vector or its key fails now.
      try Connection(path: path, access: .write).run("DROP TABLE chunk")
      let workspace = try Workspace(path: path, mode: .readOnly)
      defer { workspace.close() }
      #expect(try workspace.collections() == [photos])
      #expect(try workspace.spaces(in: photos) == [base, other])
      #expect(try workspace.space(named: "base", in: photos) == base)
      #expect(try workspace.names().spaces == ["photos@base", "photos@other"])
      #expect(throws: ParallaxError.self) { try workspace.summaries(of: [base]) }
      #expect(throws: ParallaxError.self) { try workspace.summary(of: photos) }
    }
  }

  @Test func `vectors are counted once for each state of items and vectors`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let workspace = try Workspace(path: path)
      defer { workspace.close() }
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(["a", "b", "c"].map { .insert(item($0)) }, to: photos)
      let space = try workspace.createSpace(named: "base", in: photos, spec: spec())
      func count() throws -> Int? { try workspace.summaries(of: [space]).first?.vectorCount }
      #expect(try count() == 0)
      try workspace.append("a", [1, 2, 3, 4], to: space)
      try workspace.append("b", [1, 2, 3, 4], to: space)
      #expect(try count() == 2)
      // Behind the back of the seals: whoever reads the keys finds no vector.
      let other = try Connection(path: path, access: .write)
      try other.run("UPDATE chunk SET keys = zeroblob(length(keys))")
      #expect(try count() == 2)
      try workspace.append("c", [1, 2, 3, 4], to: space)
      #expect(try count() == 1)
    }
  }

  @Test(arguments: [EmbeddedContent.image, .text, .joint])
  func `the count is that of the embedded items after any change`(content: EmbeddedContent)
    async throws
  {
    try await withWorkspace { workspace in
      var generator = SeededGenerator(seed: 7)
      let photos = try workspace.createCollection(named: "photos")
      var identity = spec()
      identity.content = content
      let spaces = try ["base", "other"].map {
        try workspace.createSpace(named: $0, in: photos, spec: identity)
      }
      for step in 0..<120 {
        let items = try workspace.items(in: photos)
        let some = items.randomElement(using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0:
          try workspace.apply([.insert(item("i\(step)", text: "text \(step)"))], to: photos)
        case 1:
          guard let some else { continue }
          try workspace.apply([.remove(some.id)], to: photos)
        case 2:
          guard let some else { continue }
          let bytes = "bytes \(Int.random(in: 0..<2, using: &generator))"
          try workspace.apply([.update(some.id, file(some.path, content: bytes))], to: photos)
        case 3:
          guard let some else { continue }
          let text = Bool.random(using: &generator) ? "text" : nil
          try workspace.apply([.setText(some.id, text)], to: photos)
        default:
          guard let some, let hash = content.hash(file: some.hash, text: some.text),
            let space = spaces.randomElement(using: &generator)
          else { continue }
          try workspace.append(
            [StoredVector(item: some.rowID, hash: hash, vector: [1, 2, 3, 4])], to: space)
        }
        let counts = try workspace.summaries(of: spaces).map(\.vectorCount)
        #expect(counts == (try spaces.map { try workspace.embeddedHashes(in: $0).count }))
      }
    }
  }

  @Test func `a reader counts and keeps nothing`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let writer = try Workspace(path: path)
      let photos = try writer.createCollection(named: "photos")
      try writer.apply([.insert(item("a"))], to: photos)
      let space = try writer.createSpace(named: "base", in: photos, spec: spec())
      try writer.append("a", [1, 2, 3, 4], to: space)
      writer.close()
      let reader = try Workspace(path: path, mode: .readOnly)
      #expect(try reader.summaries(of: [space]).map(\.vectorCount) == [1])
      #expect(try reader.read { try $0.integer("SELECT count(*) FROM vector_count") } == 0)
      reader.close()
      let again = try Workspace(path: path)
      #expect(try again.summaries(of: [space]).map(\.vectorCount) == [1])
      #expect(try again.read { try $0.integer("SELECT count(*) FROM vector_count") } == 1)
      #expect(try again.check() == [])
      try again.dropSpace(named: "base", in: photos)
      #expect(try again.read { try $0.integer("SELECT count(*) FROM vector_count") } == 0)
      again.close()
    }
  }
}
