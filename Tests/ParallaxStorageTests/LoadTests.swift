import ParallaxCore
import ParallaxDigest
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxStorage

@Suite struct LoadTests {
  /// A plain model of what a space must serve, changed along with the workspace.
  private struct Model {
    var contents: [String: String] = [:]
    /// By id, then by the content the vector was made from.
    var vectors: [String: [String: [Float]]] = [:]

    var served: [(id: String, vector: [Float])] {
      contents.keys.sorted { ItemID($0) < ItemID($1) }.compactMap { id in
        contents[id].flatMap { vectors[id]?[$0] }.map { (id, $0) }
      }
    }
  }

  private func bits(_ vectors: [[Float]]) -> [[UInt32]] { vectors.map { $0.map(\.bitPattern) } }

  @Test(arguments: 0..<6)
  func `a load returns what was appended, bit for bit`(_ seed: Int) async throws {
    try await withWorkspace { workspace in
      var random = SeededGenerator(seed: UInt64(seed))
      let dimension = [1, 3, 7, 64][seed % 4]
      let photos = try workspace.createCollection(named: "photos")
      let space = try workspace.createSpace(
        named: "base", in: photos, spec: spec(dimension: dimension))
      var model = Model()
      for _ in 0..<120 {
        try step(workspace, photos, space, &model, &random)
      }
      let loaded = try workspace.load(space)
      let served = model.served
      #expect(!served.isEmpty)
      #expect(loaded.ids.map(\.rawValue) == served.map(\.id))
      #expect(
        bits((0..<loaded.matrix.rowCount).map(loaded.matrix.row)) == bits(served.map(\.vector)))
      #expect(loaded.items.enumerated().allSatisfy { loaded.row(of: $1) == $0 })
      #expect(loaded.ids.enumerated().allSatisfy { loaded.row(of: $1) == $0 })
    }
  }

  private func step(
    _ workspace: Workspace, _ photos: ItemCollection, _ space: Space, _ model: inout Model,
    _ random: inout SeededGenerator
  ) throws {
    let id = "i\(Int.random(in: 0..<25, using: &random))"
    let content = "\(id) v\(Int.random(in: 0..<3, using: &random))"
    guard model.contents[id] != nil else {
      try workspace.apply([.insert(item(id, content: content))], to: photos)
      model.contents[id] = content
      return
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      try workspace.apply([.remove(ItemID(id))], to: photos)
      model.contents[id] = nil
      model.vectors[id] = nil
    case 1:
      try workspace.apply([.update(ItemID(id), file("\(id).jpg", content: content))], to: photos)
      model.contents[id] = content
    case 2:
      let new = "i\(Int.random(in: 0..<25, using: &random))"
      guard model.contents[new] == nil else { return }
      try workspace.apply([.rename(from: ItemID(id), to: ItemID(new), path: new)], to: photos)
      model.contents[new] = model.contents.removeValue(forKey: id)
      model.vectors[new] = model.vectors.removeValue(forKey: id)
    default:
      let vector = (0..<space.spec.dimension).map { _ in
        Float(bitPattern: UInt32.random(in: 0..<0x7F80_0000, using: &random))
      }
      try workspace.append(id, vector, to: space)
      if let content = model.contents[id] { model.vectors[id, default: [:]][content] = vector }
    }
  }

  /// Three vectors in chunk 1 and two in chunk 2.
  private func withChunks(
    _ body: (Workspace, ItemCollection, Space) throws -> Void
  ) async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(["a", "b", "c", "d", "e"].map { .insert(item($0)) }, to: photos)
      let space = try workspace.createSpace(named: "base", in: photos, spec: spec())
      let items = try workspace.items(in: photos).enumerated().map { index, item in
        StoredVector(
          item: item.rowID, hash: item.hash, vector: [Float(index), 0.5, -1, 1e-20])
      }
      try workspace.append(Array(items[..<3]), to: space)
      try workspace.append(Array(items[3...]), to: space)
      try body(workspace, photos, space)
    }
  }

  @Test(arguments: [("keys", 120), ("vectors", 48)])
  func `every changed byte of a chunk is found and named`(_ column: String, size: Int) async throws
  {
    try await withChunks { workspace, _, space in
      let read = "SELECT \(column) FROM chunk WHERE id = 1"
      let original = try #require(try workspace.read { try $0.first(read) { $0.blob(0) } })
      #expect(original.count == size)
      for index in original.indices {
        var damaged = original
        damaged[index] ^= UInt8(1 << (index % 8))
        try workspace.write {
          try $0.run("UPDATE chunk SET \(column) = ? WHERE id = 1", [.blob(damaged)])
        }
        let error = parallaxError { try workspace.load(space) }
        #expect(error?.code == .damagedData)
        #expect(
          error?.message == "chunk 1 of 'photos@base' is damaged: its checksum does not match",
          "byte \(index)")
      }
    }
  }

  @Test(arguments: [
    "UPDATE chunk SET checksum = checksum + 1 WHERE id = 1",
    "UPDATE chunk SET vectors = substr(vectors, 1, 44) WHERE id = 1",
    "UPDATE chunk SET vectors = x'' WHERE id = 1",
    "UPDATE chunk SET keys = substr(keys, 1, 80) WHERE id = 1",
    "UPDATE chunk SET keys = substr(keys, 1, 41) WHERE id = 1",
    "UPDATE chunk SET keys = x'', vectors = x'' WHERE id = 1",
  ])
  func `a cut or exchanged chunk is found, left out and made again`(_ damage: String) async throws {
    try await withChunks { workspace, photos, space in
      let a = try workspace.row("a", photos)
      try workspace.write { try $0.run(damage) }
      let error = parallaxError { try workspace.load(space) }
      #expect(error?.code == .damagedData)
      #expect(
        error?.hint == """
          'embed photos --as base --resume' discards what is damaged and embeds those images again
          """)
      #expect(try workspace.reusableVectors(for: [a.hash], spec: spec()) == [:])
      #expect(try workspace.discardDamagedChunks(in: space).map(\.number) == [1])
      #expect(try workspace.load(space).ids == ["d", "e"])
      #expect(try workspace.embeddedHashes(in: space).count == 2)
      #expect(try workspace.discardDamagedChunks(in: space).isEmpty)
    }
  }

  @Test func `several damaged chunks are named together`() async throws {
    try await withChunks { workspace, _, space in
      try workspace.write { try $0.run("UPDATE chunk SET checksum = 0") }
      let error = parallaxError { try workspace.load(space) }
      #expect(
        error?.message == """
          2 chunks of 'photos@base' are damaged: their checksums do not match (1, 2)
          """)
    }
  }

  @Test func `chunks of another space of the same size are not taken for one's own`() async throws {
    try await withChunks { workspace, photos, space in
      let other = try workspace.createSpace(named: "other", in: photos, spec: spec(version: "2"))
      try workspace.write {
        try $0.run("UPDATE chunk SET space = ? WHERE id = 2", [.integer(other.rowID)])
      }
      #expect(parallaxError { try workspace.load(other) }?.code == .damagedData)
      #expect(try workspace.load(space).ids == ["a", "b", "c"])
    }
  }

  @Test func `an empty space loads as no rows`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let space = try workspace.createSpace(named: "base", in: photos, spec: spec())
      let loaded = try workspace.load(space)
      #expect(loaded.matrix.rowCount == 0)
      #expect(loaded.row(of: "a") == nil)
      try workspace.append([], to: space)
      #expect(try workspace.summaries(of: [space]).first?.bytes == 0)
    }
  }

  @Test func `progress ends with everything, and a cancelled load stops`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply([.insert(item("a")), .insert(item("b"))], to: photos)
      let space = try workspace.createSpace(named: "base", in: photos, spec: spec())
      try workspace.append("a", [1, 2, 3, 4], to: space)
      try workspace.append("b", [1, 2, 3, 4], to: space)
      let seen = Mutex<[Progress]>([])
      _ = try workspace.load(space) { progress in seen.withLock { $0.append(progress) } }
      #expect(
        seen.withLock { $0 } == [
          Progress("loading", completed: 1, total: 2, unit: "vectors"),
          Progress("loading", completed: 2, total: 2, unit: "vectors"),
        ])
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try workspace.load(space).ids
      }
      await #expect { try await task.value } throws: {
        ($0 as? ParallaxError)?.code == .cancelled
      }
    }
  }

  @Test func `rows of some contents are found, also where the items have changed since`()
    async throws
  {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(
        ["a", "b", "c", "d"].map {
          .insert(item($0, content: ["b", "d"].contains($0) ? "same" : nil))
        }, to: photos)
      let space = try workspace.createSpace(named: "base", in: photos, spec: spec())
      for id in ["a", "b", "c", "d"] { try workspace.append(id, [1, 0, 0, 0], to: space) }
      let loaded = try workspace.load(space)
      let same = try workspace.row("b", photos).hash
      let others = Set((0..<20).compactMap { file("\($0)").hash })
      #expect(try workspace.rows(of: loaded, withContent: []) == [])
      #expect(try workspace.rows(of: loaded, withContent: [same]) == [1, 3])
      #expect(try workspace.rows(of: loaded, withContent: others.union([same])) == [1, 3])
      #expect(try workspace.rows(of: loaded, withContent: others) == [])
      try workspace.apply([.update("c", file("c.jpg", content: "same"))], to: photos)
      #expect(try Set(workspace.rows(of: loaded, withContent: [same])) == [1, 2, 3])
    }
  }
}
