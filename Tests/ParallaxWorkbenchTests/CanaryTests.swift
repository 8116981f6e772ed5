import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

@Suite struct CanaryTests {
  /// A collection of texts in a space `c@s`, embedded through a provider in process.
  private static func withSpace(
    _ body: (PaidFixture, Workbench, Space) async throws -> Void
  ) async throws {
    try await PaidFixture.with { fixture in
      try await fixture.makeCollection(40)
      try await fixture.opened { _ = try await $0.embedCollection() }
      try await fixture.withBench { bench in
        let collection = try bench.workspace.collection(named: "c")
        try await body(fixture, bench, bench.workspace.space(named: "s", in: collection))
      }
    }
  }

  @Test func `probes are asked whatever was answered before, charged and kept apart`() async throws
  {
    try await Self.withSpace { fixture, bench, space in
      #expect(fixture.server.items == 40)
      let request = CanaryRequest(seed: 3)
      let cost = try await bench.canaryCost(of: space, request, budget: nil)
      // 24 items of 20 millionths, 8 short texts, and a quarter again.
      #expect(cost.inputs == 40 && fixture.server.items == 40)
      let report = try await bench.addCanary(to: space, request, budget: nil) { _ in }
      #expect(fixture.server.items == 80 && report.repeated == 8 && report.cost == cost)
      #expect(report.isExact && !report.hasDrifted && report.check.asked == 32)
      #expect(try bench.ledger.charges(by: .model).map(\.items) == [80])
      #expect(try bench.workspace.replySummaries().map(\.count) == [80])

      let before = try bench.workspace.canary(of: space)
      let check = try await bench.checkCanary(of: space, tolerance: nil, budget: nil) { _ in }
      #expect(fixture.server.items == 112 && check.isExact)
      #expect(try bench.workspace.canary(of: space) == before)
      #expect(try bench.workspace.canaryChecks(of: space).count == 2)
      // What the space was made from is answered from what was kept then.
      let embedder = try await bench.models.embedder(for: space, budget: nil)
      _ = try await embedder.embed([.text(PaidFixture.texts(0..<1)[0])], side: .document)
      #expect(fixture.server.items == 112)
    }
  }

  @Test func `nothing is asked that does not fit the budget`() async throws {
    try await Self.withSpace { fixture, bench, space in
      let spent = try bench.ledger.spending(provider: "gemini").micros
      let poor = await failure {
        try await bench.addCanary(to: space, CanaryRequest(seed: 1), budget: spent + 100) { _ in }
      }
      #expect(poor?.code == .budget && fixture.server.items == 40)
      #expect(poor?.message.hasSuffix("nothing was asked for") == true)
      #expect(try bench.workspace.canary(of: space) == nil)
    }
  }

  @Test func `a probe whose item is not what it was is named, the others are asked`() async throws {
    try await Self.withSpace { _, bench, space in
      var request = CanaryRequest(seed: 1)
      request.probes = 8
      _ = try await bench.addCanary(to: space, request, budget: nil) { _ in }
      let probes = try #require(try bench.workspace.canary(of: space)).probes
      try bench.workspace.apply([.setText(ItemID(probes[2].name), "other")], to: space.collection)
      let report = try await bench.checkCanary(of: space, tolerance: nil, budget: nil) { _ in }
      #expect(report.check.asked == 7 && report.outcomes[2].distance == nil)
      #expect(
        report.outcomes[2].problem == "item '\(probes[2].name)' is gone, or is not what it was")
    }
  }

  @Test func `a canary needs vectors, and a check a canary`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", [("a", [1, 0]), ("b", [0, 1])])
      let few = await failure {
        try await bench.bench.addCanary(to: space, CanaryRequest(seed: 1), budget: nil) { _ in }
      }
      #expect(few?.code == .unsupported)
      let none = await failure {
        try await bench.bench.checkCanary(of: space, tolerance: nil, budget: nil) { _ in }
      }
      #expect(none?.message == "'p@base' has no canary")
    }
  }

  @Test func `small distances keep their digits`() {
    #expect(VectorDistance.cosine([1, 2, 3], [1, 2, 3]) == 0)
    #expect(isNear(VectorDistance.cosine([1, 0], [0, 3]), 1))
    #expect(isNear(VectorDistance.cosine([1, 0], [-2, 0]), 2))
    // 1 - cos 1e-6 = 5e-13.
    #expect(abs(VectorDistance.cosine([1, 0], [1, 1e-6]) / 5e-13 - 1) < 1e-6)
    #expect(VectorDistance.cosine([1, 0], [0, 0]) == 1)
  }
}
