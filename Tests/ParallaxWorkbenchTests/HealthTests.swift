import ParallaxCore
import ParallaxDigest
import ParallaxSearch
import ParallaxStatistics
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

@Suite struct HealthTests {
  private static func vectors(_ count: Int) -> [(id: String, vector: [Float])] {
    var random = SeededGenerator(seed: 11)
    return (0..<count).map { row in
      ("i\(row)", (0..<12).map { _ in Float.random(in: -1...1, using: &random) + 0.5 })
    }
  }

  private static func health(
    _ bench: VectorBench, _ space: Space, _ change: (inout HealthRequest) -> Void = { _ in }
  ) async throws -> SpaceHealth {
    var request = HealthRequest(seed: 1)
    change(&request)
    return try await bench.bench.health(of: space, request, budget: nil) { _ in }
  }

  @Test func `planted faults are found`() async throws {
    try await VectorBench.inNewFolder { bench in
      var vectors = Self.vectors(150)
      for place in vectors.indices { vectors[place].vector[4] = 0 }
      vectors[30].vector = vectors[31].vector
      vectors[32].vector = vectors[31].vector.map { $0 * 2 }
      vectors[60].vector = (0..<12).map { place in
        vectors.reduce(Float(0)) { $0 + $1.vector[place] } / 150
      }
      vectors[90].vector = [Float](repeating: 0, count: 12)
      let space = try await bench.space("p", vectors)
      let health = try await Self.health(bench, space)
      #expect(health.items == 150 && health.sample == 149 && health.zeros == 1)
      #expect(health.shape.deadDimensions == 1)
      #expect(
        health.hubs.count == 5 && health.hubs[0].id == ItemID("i60") && health.hubs[0].count > 25)
      #expect(health.hubs[0].path == "/p/i60.jpg")
      #expect(health.equal == 2)
      #expect(health.copies == .init(probed: 149, found: 3))
      #expect(health.lengths.lowerBound == 0 && health.lengths.upperBound > 2)
      #expect(health.gap.failure?.reason == .costs)
    }
  }

  @Test func `a sample is drawn by its seed, and hubs keep their names`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.vectors(300))
      let (one, same) = (
        try await Self.health(bench, space) { $0.sample = 60 },
        try await Self.health(bench, space) { $0.sample = 60 }
      )
      #expect(one.hubness == same.hubness && one.hubs == same.hubs && one.shape == same.shape)
      #expect(one.sample == 60 && one.items == 300 && one.copies.probed == 60)
      let other = try await Self.health(bench, space) {
        $0.sample = 60
        $0.seed = 2
      }
      #expect(one.shape != other.shape)
      // N_10 adds up to ten an item.
      #expect(one.hubness.counts.reduce(0, +) == 600)
    }
  }

  @Test func `texts are embedded when they are asked for`() async throws {
    try await VectorBench.inNewFolder(answers: ["a text": [1, 0]]) { bench in
      let space = try await bench.space("p", [("a", [1, 0]), ("b", [0, 1]), ("c", [1, 1])])
      let items = try bench.bench.workspace.items(in: space.collection)
      #expect(try await Self.health(bench, space) { $0.texts = 9 }.gap.failure?.reason == .noTexts)
      try bench.bench.workspace.apply(
        [.setText(items[0].id, "a text"), .setText(items[1].id, " ")], to: space.collection)
      let gap = try await Self.health(bench, space) { $0.texts = 9 }.gap.get()
      #expect(gap.pairs == 1 && isNear(gap.own, 1) && gap.other == nil && isNear(gap.distance, 0))
      #expect(
        try await Self.health(bench, space) { $0.texts = 0 }.gap.failure?.reason == .notWanted)
    }
  }

  @Test func `two vectors have no health`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", [("a", [1, 0]), ("b", [0, 1]), ("z", [0, 0])])
      let error = await failure { try await Self.health(bench, space) }
      #expect(
        error?.message == "'p@base' has 2 vectors with a direction; its health needs at least 3")
    }
  }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
