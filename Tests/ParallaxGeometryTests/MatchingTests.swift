import ParallaxCore
import Testing

@testable import ParallaxGeometry

@Suite struct MatchingTests {
  /// Descriptors in which `changes` of the bits of a common beginning are others.
  private func features(_ count: Int, seed: UInt64, changes: Int) -> LocalFeatures {
    var common = SeededGenerator(seed: 1)
    var generator = SeededGenerator(seed: seed)
    var descriptors: [UInt8] = []
    for _ in 0..<count {
      var bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &common) }
      for _ in 0..<changes {
        bytes[Int.random(in: 0..<32, using: &generator)] ^=
          1 << UInt8.random(in: 0..<8, using: &generator)
      }
      descriptors += bytes
    }
    return LocalFeatures(
      width: 100, height: 100,
      points: (0..<count).map { .init(x: Float($0), y: Float(seed)) }, descriptors: descriptors)
  }

  private func distance(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
    zip(left, right).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
  }

  /// Pairs by the definition: one row of distances after the other.
  private func pairs(_ left: LocalFeatures, _ right: LocalFeatures) -> [[Int]] {
    let distances = (0..<left.count).map { row in
      (0..<right.count).map { column in
        distance(
          left.descriptors[row * 32..<row * 32 + 32],
          right.descriptors[column * 32..<column * 32 + 32])
      }
    }
    return distances.enumerated().compactMap { row, all in
      let order = all.indices.sorted { (all[$0], $0) < (all[$1], $1) }
      guard let nearest = order.first else { return nil }
      if order.count > 1, all[nearest] * 100 >= all[order[1]] * 80 { return nil }
      let back = distances.indices.min {
        (distances[$0][nearest], $0) < (distances[$1][nearest], $1)
      }
      return back == row ? [row, nearest] : nil
    }
  }

  @Test(arguments: [(0, 40), (1, 40), (40, 40), (37, 90), (90, 11), (5, 1), (5, 0)])
  func `matches are those of the definition`(left: Int, right: Int) throws {
    for changes in [0, 20, 60, 300] {
      let (first, second) = (
        features(left, seed: 2, changes: changes), features(right, seed: 3, changes: changes)
      )
      let found = try first.matches(with: second).map { [Int($0.from.x), Int($0.to.x)] }
      #expect(found == pairs(first, second))
      if changes == 20, min(left, right) == 40 { #expect(found.count == 40) }
    }
  }

  @Test func `of two equal features none is the nearest by far`() throws {
    let one = features(10, seed: 2, changes: 0)
    let twice = LocalFeatures(
      width: 100, height: 100, points: one.points + one.points,
      descriptors: one.descriptors + one.descriptors)
    #expect(try one.matches(with: twice).isEmpty)
  }
}
