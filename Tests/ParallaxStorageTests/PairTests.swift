import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

@Suite struct PairTests {
  private func withSpace(_ body: (Workspace, Space) throws -> Void) async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply([.insert(item("a")), .insert(item("b"))], to: photos)
      try body(workspace, try workspace.createSpace(named: "base", in: photos, spec: spec()))
    }
  }

  private func some(_ count: Int) -> StoredPairs {
    StoredPairs(
      floor: 0.5,
      members: (0...count).map { place in
        .init(item: .init(rawValue: Int64(place + 1)), checksum: UInt64.max - UInt64(place))
      },
      pairs: (0..<count).map { place in
        .init(left: UInt32(place), right: UInt32(place + 1), score: 0.5 + Float(place % 99) / 200)
      })
  }

  @Test func `pairs come back whole, the last that were kept`() async throws {
    try await withSpace { workspace, space in
      #expect(try workspace.pairs(of: space) == nil)
      // More than a block, a whole one, and none.
      for count in [PairBytes.blockSize + 3, PairBytes.blockSize, 0, 7] {
        let kept = some(count)
        try workspace.keep(kept, of: space, created: "2026-11-26T00:00:00Z")
        #expect(try workspace.pairs(of: space) == kept)
        #expect(try workspace.check().isEmpty)
      }
      try workspace.discardPairs(of: space)
      #expect(try workspace.pairs(of: space) == nil)
      #expect(try workspace.check().isEmpty)
    }
  }

  @Test func `pairs go with their space`() async throws {
    try await withSpace { workspace, space in
      try workspace.keep(some(7), of: space, created: "2026-11-26T00:00:00Z")
      try workspace.dropSpace(named: "base", in: space.collection)
      for table in ["pair_join", "pair_block"] {
        #expect(try workspace.read { try $0.integer("SELECT count(*) FROM \(table)") } == 0)
      }
      #expect(try workspace.check().isEmpty)
    }
  }

  @Test(arguments: [
    "UPDATE pair_block SET pairs = zeroblob(length(pairs))",
    "UPDATE pair_block SET position = 5",
    "DELETE FROM pair_block",
    "UPDATE pair_join SET members = zeroblob(length(members))",
    "UPDATE pair_join SET members = x''",
  ])
  func `damage is found, and accepting it forgets the pairs`(change: String) async throws {
    try await withSpace { workspace, space in
      try workspace.keep(some(7), of: space, created: "2026-11-26T00:00:00Z")
      do {
        // Past the seals, as a fault of the disk is.
        let connection = try Connection(path: workspace.path, access: .write)
        try connection.run(change)
      }
      let error = parallaxError { try workspace.pairs(of: space) }
      #expect(error?.code == .damagedData && error?.message.contains("'photos@base'") == true)
      #expect(try !workspace.check().isEmpty)
      try workspace.acceptDamage()
      #expect(try workspace.check().isEmpty)
    }
  }
}
