import ParallaxCore
import ParallaxStatistics
import Testing

@testable import ParallaxWorkbench

/// How far neighbours change from one space to another, against Fixtures/make_neighbours.py.
@Suite struct NeighbourChangeTests {
  private static func space(_ items: Int, dimension: Int, salt: Int) -> VectorMatrix {
    VectorMatrix(rowCount: items, dimension: dimension) { values in
      for i in 0..<items {
        for j in 0..<dimension {
          values[i * dimension + j] = Float(
            (7 * i * i + 31 * i * j + 17 * j * j + salt) % 101 - 50)
        }
      }
    }
  }

  private static func change(
    _ before: VectorMatrix, _ after: VectorMatrix, seed: UInt64 = 1
  ) async throws -> NeighbourChange? {
    try await NeighbourChange(from: before, to: after, seed: seed) { _ in }
  }

  @Test func `shares are those of another implementation`() async throws {
    let (before, after) = (
      Self.space(40, dimension: 6, salt: 3), Self.space(40, dimension: 9, salt: 58)
    )
    let change = try #require(try await Self.change(before, after))
    #expect((change.items, change.top) == (40, 10))
    #expect(abs(change.overlap.value - 0.3175) < 1e-12)
    #expect(abs(change.sameNearest.value - 0.075) < 1e-12)
    #expect(!change.isNone)
    let interval = try #require(change.overlap.interval)
    #expect(interval.low < 0.3175 && 0.3175 < interval.high && interval.high - interval.low < 0.2)
    #expect(try await Self.change(before, after) == change)
    #expect(try await Self.change(before, after, seed: 2)?.overlap.interval != interval)
  }

  @Test func `the same vectors change nothing`() async throws {
    let (before, after) = (
      Self.space(30, dimension: 6, salt: 3), Self.space(30, dimension: 6, salt: 3)
    )
    let change = try #require(try await Self.change(before, after))
    #expect(change.isNone && change.overlap.value == 1 && change.sameNearest.value == 1)
    #expect(change.overlap.interval == Interval(low: 1, high: 1))
  }

  @Test func `an item is no neighbour of itself, and its copies are`() async throws {
    // 14 copies and one other: an item may not be among the nearest of its own vector.
    let copies = VectorMatrix(rowCount: 15, dimension: 2) { values in
      for item in 0..<15 {
        values[2 * item] = item < 14 ? 1 : 0
        values[2 * item + 1] = 1
      }
    }
    let change = try #require(try await Self.change(copies, copies))
    #expect(change.overlap.value == 1 && change.top == 10)
    let two = try #require(
      try await Self.change(
        Self.space(2, dimension: 2, salt: 0), Self.space(2, dimension: 3, salt: 1)))
    #expect((two.top, two.overlap.value) == (1, 1))
    let one = Self.space(1, dimension: 2, salt: 0)
    #expect(try await Self.change(one, one) == nil)
  }
}
