private import CUmap
private import ParallaxCore
private import ParallaxSystem

/// Points of a plane that lie near one another as their neighbour lists say: UMAP (McInnes, Healy and Melville,
/// arXiv:1802.03426).
package struct UmapLayout: Sendable {
  package struct Settings: Sendable, Hashable {
    /// Turns; `nil` for 500 of up to 10,000 points and fewer of more, down to 200.
    package var epochs: Int?
    /// How close points may lie, against a spread of 1: from 0 to 1.
    package var minimumDistance = 0.1
    package var seed: UInt64

    package init(seed: UInt64) { self.seed = seed }
  }

  /// The largest coordinate of the start, in magnitude.
  static let startRadius: Float = 10
  /// What equal points are moved apart by, at most.
  private static let jitter: Float = 1e-3

  /// Other points of each, nearest first; all have as many.
  private let neighbours: [Int32]
  private let distances: [Float]
  private let each: Int
  package let count: Int

  /// - Parameter lists: the neighbours of each point with their distances from 0 on, nearest first; all have as
  ///   many, at least one.
  package init(_ lists: [[(point: Int, distance: Float)]]) {
    let each = lists.first?.count ?? 0
    (self.count, self.each) = (lists.count, each)
    precondition(each > 0 && lists.allSatisfy { $0.count == each }, "lists are of one length")
    neighbours = lists.flatMap { $0.map { Int32($0.point) } }
    distances = lists.flatMap { $0.map { max(0, $0.distance) } }
  }

  /// Coordinates, x and y of each point one after the other.
  ///
  /// - Parameters:
  ///   - start: where the points begin, in any scale.
  ///   - step: called with the turns that are done and all of them.
  /// - Throws: `internal-error` with the library's reason; `CancellationError`, and what `step` throws.
  package func coordinates(
    from start: [Float], _ settings: Settings, with library: UmapLibrary,
    step: (Int, Int) throws -> Void = { _, _ in }
  ) throws -> [Float] {
    precondition(start.count == 2 * count, "two coordinates a point")
    var raw = cumap_settings(
      neighbours: Int32(each), epochs: Int32(settings.epochs ?? 0),
      minimum_distance: settings.minimumDistance, seed: settings.seed)
    var (begun, epochs) = (OpaquePointer?.none, Int32(0))
    try Self.check { message in
      cumap_begin(
        library.handle, neighbours, distances, count, &raw, &begun, &epochs, message)
    }
    guard let layout = begun else {
      throw ParallaxError(.internalError, "no layout: no reason was given")
    }
    defer { cumap_end(library.handle, layout) }
    var coordinates = Self.scaled(start, seed: settings.seed)
    for epoch in 0..<epochs {
      try Task.checkCancellation()
      try step(Int(epoch), Int(epochs))
      try Self.check { message in
        cumap_run(library.handle, layout, epoch + 1, &coordinates, message)
      }
    }
    guard coordinates.allSatisfy(\.isFinite) else {
      throw ParallaxError(.internalError, "no layout: a point has no place")
    }
    return coordinates
  }

  /// A start of the usual size, in which no two points are equal.
  static func scaled(_ start: [Float], seed: UInt64) -> [Float] {
    let largest = start.reduce(0) { max($0, abs($1)) }
    let factor = largest > 0 ? startRadius / largest : 0
    var random = SeededGenerator(seed: seed)
    return start.map { $0 * factor + Float.random(in: -jitter...jitter, using: &random) }
  }

  private static func check(_ body: (cumap_message) -> Int32) throws {
    let failure = messageOfFailure { text, room in
      body(cumap_message(text: text, capacity: room))
    }
    if let failure { throw ParallaxError(.internalError, "no layout: \(failure)") }
  }
}
