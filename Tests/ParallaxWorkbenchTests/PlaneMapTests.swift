import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

/// What is on a map, and what is said of what is not.
@Suite struct PlaneMapTests {
  private static let vectors: [(id: String, vector: [Float])] = {
    var random = SeededGenerator(seed: 21)
    return (0..<40).map { row in
      (
        "i\(row)",
        row == 7
          ? [0, 0, 0, 0] : (0..<4).map { _ in Float.random(in: -1...1, using: &random) }
      )
    }
  }()

  @Test func `items without a direction, and those not drawn, are left out and said`() async throws
  {
    try await VectorBench.inNewFolder { bench in
      let space = try await bench.space("p", Self.vectors)
      var request = MapRequest(seed: 1)
      request.method = .pca
      let all = try await bench.bench.map(of: space, request) { _ in }
      #expect(all.ids.count == 39 && !all.ids.contains("i7"))
      #expect(all.omission == "1 image has a zero vector, which has no place on a map")
      #expect(all.sampling == nil && all.approximation == nil)
      #expect(all.fidelity?.neighbours == 10 && all.fidelity?.items == 39)
      request.sample = 12
      let few = try await bench.bench.map(of: space, request) { _ in }
      #expect(few.ids.count == 12 && few.coordinates.count == 24)
      #expect(few.sampling == "the map has 12 of 40 images, drawn at random")
      let again = try await bench.bench.map(of: space, request) { _ in }
      #expect(again.ids == few.ids && again.coordinates == few.coordinates)
      request.seed = 2
      let other = try await bench.bench.map(of: space, request) { _ in }
      #expect(other.ids != few.ids)
    }
  }
}
