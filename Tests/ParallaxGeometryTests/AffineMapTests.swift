import ParallaxTestSupport
import Testing

@testable import ParallaxGeometry

@Suite struct AffineMapTests {
  /// By NumPy and SciPy; see Fixtures/make_maps.py.
  private static let table = Result {
    try NumberTable("maps.tsv", of: "ParallaxGeometryTests").rows
  }

  private func map(_ numbers: [Double]) throws -> AffineMap {
    try #require(numbers.count == 6)
    return AffineMap(
      xx: numbers[0], xy: numbers[1], x: numbers[2], yx: numbers[3], yy: numbers[4], y: numbers[5])
  }

  @Test func `a map is taken apart as SciPy does`() throws {
    for row in try Self.table.get() {
      let map = try map(row.numbers("map"))
      #expect(isNear(map.determinant, try row.number("determinant")))
      #expect(isNear(map.scale, try row.number("scale")))
      #expect(isNear(map.stretch, try row.number("stretch")))
      if map.determinant > 0 { #expect(isNear(map.rotation, try row.number("rotation"))) }
    }
  }

  @Test func `a map between pictures of other sizes is that of NumPy`() throws {
    for row in try Self.table.get() {
      let (start, end) = (try row.numbers("from"), try row.numbers("to"))
      let resized = try map(row.numbers("map")).resized(
        from: (start[0], start[1]), to: (end[0], end[1]))
      let wanted = try row.numbers("resized")
      let numbers = [resized.xx, resized.xy, resized.x, resized.yx, resized.yy, resized.y]
      for (number, wanted) in zip(numbers, wanted) { #expect(isNear(number, wanted)) }
    }
  }

  @Test func `a map onto a line stretches without end`() {
    #expect(AffineMap(xx: 1, xy: 0, x: 0, yx: 0, yy: 0, y: 0).stretch == .infinity)
  }

  @Test(arguments: [
    (AffineMap(xx: 0.9, xy: -0.1, x: 5, yx: 0.1, yy: 0.9, y: -3), nil),
    (AffineMap(xx: 2, xy: 0, x: 0, yx: 0, yy: 1, y: 0), nil),
    (AffineMap(xx: -1, xy: 0, x: 0, yx: 0, yy: 1, y: 0), "mirrors"),
    (AffineMap(xx: 1, xy: 0, x: 0, yx: 0, yy: 0, y: 0), "mirrors, or flattens"),
    (AffineMap(xx: 2.1, xy: 0, x: 0, yx: 0, yy: 1, y: 0), "stretches"),
    (AffineMap(xx: 9, xy: 0, x: 0, yx: 0, yy: 9, y: 0), "size more than 8.0 times"),
    (AffineMap(xx: 0.1, xy: 0, x: 0, yx: 0, yy: 0.1, y: 0), "size more than 8.0 times"),
  ])
  func `a map that no copy has is refused`(map: AffineMap, reason: String?) {
    let refusal = Agreement.refusal(of: map)
    #expect((refusal == nil) == (reason == nil))
    if let reason { #expect(refusal?.contains(reason) == true) }
  }
}
