internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxSearch
package import ParallaxStatistics

/// How far the neighbours of some items change from one space to another.
///
/// Each item is compared with all the others of them; scores never are, only who is near. Items that
/// are neighbours of one another are not quite independent, which the intervals do not know.
package struct NeighbourChange: Sendable, Hashable {
  /// Neighbours that are compared: ``depth``, or as many as there are.
  package let top: Int
  /// Items that are compared.
  package let items: Int
  /// The share of its nearest `top` that an item keeps, as a mean over the items.
  package let overlap: Measured
  /// The share of items whose nearest neighbour stays the same.
  package let sameNearest: Measured
  /// Whether every vector is the same in both spaces, bit for bit.
  package let isNone: Bool

  /// A mean over items with its interval of 95 %, by the bootstrap.
  package struct Measured: Sendable, Hashable {
    package var value: Double
    package var interval: Interval?
  }

  /// Neighbours that are usually compared.
  package static let depth = 10
  /// Items asked for at a time.
  private static let block = 64

  /// - Parameters:
  ///   - before: a row an item.
  ///   - after: as `before`, in the same order.
  ///   - seed: of the bootstrap.
  /// - Returns: `nil` below two items.
  /// - Throws: `cancelled`.
  init?(
    from before: VectorMatrix, to after: VectorMatrix, seed: UInt64, progress: ProgressHandler
  ) async throws {
    let items = before.rowCount
    guard items > 1 else { return nil }
    let top = min(Self.depth, items - 1)
    let matrices = [before, after]
    let indexes = matrices.map { ExactIndex(matrix: $0, similarity: .cosine) }
    var (overlaps, same): ([Double], [Double]) = ([], [])
    for start in stride(from: 0, to: items, by: Self.block) {
      try Task.checkCancellation()
      let rows = start..<min(start + Self.block, items)
      let lists = try zip(matrices, indexes).map { matrix, index in
        try Self.neighbours(of: rows, in: matrix, index, top: top)
      }
      for (left, right) in zip(lists[0], lists[1]) {
        overlaps.append(ListOverlap(left, right, depth: top)?.overlap ?? 0)
        same.append(left.first == right.first ? 1 : 0)
      }
      progress(Progress("comparing", completed: rows.upperBound, total: items, unit: "items"))
      await Task.yield()
    }
    (self.items, self.top) = (items, top)
    isNone =
      before.dimension == after.dimension
      && before.withValues { left in after.withValues { left.elementsEqual($0) } }
    let intervals = try Bootstrap(seed: seed).intervals(ofMeans: [overlaps, same])
    overlap = Measured(value: Self.mean(overlaps), interval: intervals[0])
    sameNearest = Measured(value: Self.mean(same), interval: intervals[1])
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// The nearest other rows of some rows, nearest first.
  private static func neighbours(
    of rows: Range<Int>, in matrix: VectorMatrix, _ index: ExactIndex, top: Int
  ) throws -> [[Int]] {
    let queries = rows.map { matrix.row($0) }
    return zip(rows, try index.nearest(to: queries, count: top + 1)).map { row, hits in
      Array(hits.map(\.row).filter { $0 != row }.prefix(top))
    }
  }
}
