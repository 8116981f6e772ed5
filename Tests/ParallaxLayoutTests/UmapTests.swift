import ParallaxCore
import ParallaxSystem
import ParallaxTestSupport
import Testing

@testable import ParallaxLayout

@Suite struct UmapLibraryTests {
  @Test func `without a library says what to run`() throws {
    let error = try #require(throws: ParallaxError.self) {
      _ = try UmapLibrary(named: nil, otherwise: [])
    }
    #expect(error.code == .missingComponent)
    #expect(
      error.message
        == "the method 'umap' needs umappp behind a compiled shim, which was not found")
    #expect(
      error.hint
        == "take --method pca, or run scripts/setup --map, or name the library in PARALLAX_UMAP")
  }

  @Test func `refuses another library`() throws {
    let error = try #require(throws: ParallaxError.self) {
      _ = try UmapLibrary(named: ("PARALLAX_UMAP", "libsqlite3.so.0"), otherwise: [])
    }
    #expect(error.code == .missingComponent)
    #expect(error.message.contains("it has no parallax_umap_interface"))
  }
}

@Suite(.enabled(if: UmapLibrary.isAvailable, "needs umappp: run scripts/setup --map"))
struct UmapLayoutTests {
  private typealias List = [(point: Int, distance: Float)]
  private let library: UmapLibrary

  init() throws { library = try .shared() }

  /// Points around three places, far from one another, and the lists of their neighbours.
  private static let groups: (lists: [List], start: [Float]) = {
    var random = SeededGenerator(seed: 3)
    let points = (0..<90).map { place in
      (0..<6).map { axis -> Float in
        (axis == place % 3 ? 9 : 0) + Float.random(in: -1...1, using: &random)
      }
    }
    let lists = points.map { point in
      points.enumerated().map { other, values in
        let squares = zip(point, values).reduce(Float(0)) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        return (point: other, distance: squares.squareRoot())
      }.sorted { ($0.distance, $0.point) < ($1.distance, $1.point) }
    }
    return (
      lists.enumerated().map { place, list in
        Array(list.filter { $0.point != place }.prefix(10))
      }, points.flatMap { [$0[0], $0[1]] }
    )
  }()

  @Test func `points of a group stay together, and groups apart`() throws {
    let (lists, start) = Self.groups
    var settings = UmapLayout.Settings(seed: 1)
    settings.epochs = 200
    let coordinates = try UmapLayout(lists).coordinates(from: start, settings, with: library)
    #expect(coordinates.count == 180)
    for point in 0..<90 {
      let near = PlaneNeighbours.nearest(
        to: point, count: 10, at: coordinates.map(Double.init))
      #expect(near.allSatisfy { $0 % 3 == point % 3 }, "\(point)")
    }
    let again = try UmapLayout(lists).coordinates(from: start, settings, with: library)
    #expect(again == coordinates)
    settings.seed = 2
    #expect(
      try UmapLayout(lists).coordinates(from: start, settings, with: library) != coordinates)
  }

  @Test func `equal points, and few of them, have a place each`() throws {
    let equal = (0..<40).map { point in
      (1...5).map { (point: (point + $0) % 40, distance: Float(0)) }
    }
    let coordinates = try UmapLayout(equal).coordinates(
      from: [Float](repeating: 0, count: 80), UmapLayout.Settings(seed: 1), with: library)
    #expect(coordinates.allSatisfy { $0.isFinite })
    #expect(Set(coordinates).count > 40)
    let few: [List] = [[(1, 0.1), (2, 0.5)], [(0, 0.1), (2, 0.6)], [(0, 0.5), (1, 0.6)]]
    let three = try UmapLayout(few).coordinates(
      from: [1, 0, 0, 1, -1, -1], UmapLayout.Settings(seed: 1), with: library)
    #expect(three.count == 6 && three.allSatisfy { $0.isFinite })
  }

  @Test func `it says how far it is, and ends where it is told to`() throws {
    let (lists, start) = Self.groups
    var settings = UmapLayout.Settings(seed: 1)
    settings.epochs = 30
    var steps: [Int] = []
    _ = try UmapLayout(lists).coordinates(from: start, settings, with: library) { done, all in
      #expect(all == 30)
      steps.append(done)
    }
    #expect(steps == Array(0..<30))
    #expect(throws: CancellationError.self) {
      try UmapLayout(lists).coordinates(from: start, settings, with: library) { done, _ in
        if done == 3 { throw CancellationError() }
      }
    }
  }

  @Test func `a start has one size, whatever it had before`() {
    let small = UmapLayout.scaled([1, -2, 0.5, 0], seed: 4)
    let large = UmapLayout.scaled([1_000, -2_000, 500, 0], seed: 4)
    #expect(zip(small, large).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(small.map(abs).max().map { abs($0 - UmapLayout.startRadius) < 0.01 } == true)
  }
}
