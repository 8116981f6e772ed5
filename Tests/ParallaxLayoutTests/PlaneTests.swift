import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxLayout

@Suite struct PlanePolygonTests {
  @Test func `corners are read as they are written`() throws {
    let part = try PlanePolygon(parsing: "0,0 4,0  4.25,-3e-1")
    #expect(part.corners.map(\.x) == [0, 4, 4.25] && part.corners.map(\.y) == [0, 0, -0.3])
    #expect(part.text == "0,0 4,0 4.25,-0.3")
    #expect(try PlanePolygon(parsing: part.text) == part)
  }

  @Test(arguments: [
    "", "0,0 1,1", "0,0 1,1 2", "0,0 1,1 2,", "0,0 1,1 x,2", "0,0 1,1 nan,2", "0,0 1,1 inf,2",
    "0,0 1,1 2e6,1", "0,0,0 1,1 2,2",
    Array(repeating: "1,1", count: 201).joined(separator: " "),
  ])
  func `what is no polygon is refused`(text: String) throws {
    let error = try #require(throws: ParallaxError.self) { _ = try PlanePolygon(parsing: text) }
    #expect(error.code == .invalidValue)
    #expect(error.message.hasPrefix("a part of a map") || error.message.hasPrefix("the corners"))
  }

  @Test func `a hollow corner and a crossed line are outside`() throws {
    let hollow = try PlanePolygon(parsing: "0,0 4,0 4,4 2,1 0,4")
    #expect(hollow.contains(x: 1, y: 1) && hollow.contains(x: 3.5, y: 2))
    #expect(!hollow.contains(x: 2, y: 2) && !hollow.contains(x: 5, y: 1))
    let crossed = try PlanePolygon(parsing: "0,0 4,4 4,0 0,4")
    #expect(crossed.contains(x: 0.5, y: 2) && crossed.contains(x: 3.5, y: 2))
    #expect(!crossed.contains(x: 2, y: 3.5))
  }

  @Test func `parts that share edges share no point, and leave none out`() throws {
    let whole = try PlanePolygon(parsing: "0,0 8,0 8,8 0,8")
    let parts = try ["0,0 4,0 4,4 0,8", "4,0 8,0 8,8 4,4", "4,4 8,8 0,8"].map(
      PlanePolygon.init(parsing:))
    // Corners and edges, too.
    for x in stride(from: -1.0, through: 9, by: 0.5) {
      for y in stride(from: -1.0, through: 9, by: 0.5) {
        let count = parts.count { $0.contains(x: x, y: y) }
        #expect(count == (whole.contains(x: x, y: y) ? 1 : 0), "\(x), \(y)")
      }
    }
  }
}

@Suite struct PlaneNeighbourTests {
  private static let coordinates: [Double] = {
    var random = SeededGenerator(seed: 5)
    return (0..<400).map { _ in Double(Int.random(in: -40...40, using: &random)) / 4 }
  }()

  @Test func `the nearest are those of a full sort`() {
    let coordinates = Self.coordinates
    for point in [0, 7, 199] {
      let distance = { (other: Int) in
        let (across, down) = (
          coordinates[2 * other] - coordinates[2 * point],
          coordinates[2 * other + 1] - coordinates[2 * point + 1]
        )
        return across * across + down * down
      }
      let sorted = (0..<200).filter { $0 != point }
        .sorted { (distance($0), $0) < (distance($1), $1) }
      let found = PlaneNeighbours.nearest(to: point, count: 12, at: coordinates)
      #expect(found == Array(sorted.prefix(12)))
    }
  }

  @Test func `the share that is kept is that of the lists`() throws {
    let near = PlaneNeighbours.nearest(to: 3, count: 4, at: Self.coordinates)
    let far = (0..<200).filter { $0 != 3 && !near.contains($0) }
    let kept = { (lists: [(point: Int, neighbours: [Int])]) in
      try PlaneNeighbours.kept(of: lists, at: Self.coordinates)
    }
    #expect(try kept([(3, near)]) == 1)
    #expect(try kept([(3, Array(far.prefix(4)))]) == 0)
    #expect(try kept([(3, near), (3, Array(near.prefix(1)) + far.prefix(3))]) == 0.625)
    #expect(try kept([]) == nil)
    #expect(try kept([(3, [])]) == nil)
  }
}
