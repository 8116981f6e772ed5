import ParallaxCore
import ParallaxDigest
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

@Suite struct CanaryTests {
  private func withSpace(
    _ body: (Workspace, Space) async throws -> Void
  ) async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply([.insert(item("a"))], to: photos)
      try await body(
        workspace, try workspace.createSpace(named: "base", in: photos, spec: spec()))
    }
  }

  private func canary(_ space: Space) -> Canary {
    Canary(
      space: space, created: "2026-11-25T23:30:00Z", seed: 7, noise: 0,
      probes: [
        .init(
          .item(ItemRecord.RowID(rawValue: 1), "a"), hash: Digest.sha256("a"),
          vector: [1, 0, -0.0, 0.5]),
        .init(.text("猫"), hash: Digest.sha256("猫"), vector: [0, 1, 0, 0]),
      ])
  }

  @Test func `a canary comes back whole, its newest check first`() async throws {
    try await withSpace { workspace, space in
      #expect(try workspace.canary(of: space) == nil)
      let kept = canary(space)
      try workspace.add(kept)
      #expect(try workspace.canary(of: space) == kept)
      let checks = [0.0, 0.5].map {
        CanaryCheck(
          at: "2026-11-26T00:00:00Z", asked: 2, drifted: $0 > 0 ? 1 : 0, mean: $0, largest: 1,
          tolerance: 1e-6)
      }
      for check in checks { try workspace.add(check, to: space) }
      #expect(try workspace.canaryChecks(of: space) == checks.reversed())
      let other = try workspace.createSpace(named: "x", in: space.collection, spec: spec())
      let summaries = try workspace.canarySummaries(of: [other, space])
      #expect(summaries.map(\.space) == [space] && summaries[0].probes == 2)
      #expect(summaries[0].lastCheck == checks[1])
      // Whole numbers are sealed as they are stored.
      #expect(try workspace.check(progress: nil).isEmpty)
    }
  }

  @Test func `a canary goes with its space, and can be made anew`() async throws {
    try await withSpace { workspace, space in
      try workspace.add(canary(space))
      #expect(try workspace.dropCanary(of: space))
      #expect(try !workspace.dropCanary(of: space))
      try workspace.add(canary(space))
      try workspace.dropSpace(named: "base", in: space.collection)
      #expect(try workspace.read { try $0.integer("SELECT count(*) FROM probe") } == 0)
      #expect(try workspace.check(progress: nil).isEmpty)
    }
  }

  @Test func `a damaged probe is found, not used`() async throws {
    try await withSpace { workspace, space in
      try workspace.add(canary(space))
      try workspace.write {
        try $0.run("UPDATE probe SET vector = zeroblob(16) WHERE position = 1")
      }
      let error = parallaxError { try workspace.canary(of: space) }
      #expect(
        error?.code == .damagedData && error?.hint?.hasPrefix("'canary drop photos@base'") == true)
    }
  }
}
