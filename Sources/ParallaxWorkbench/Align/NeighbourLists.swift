internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxSearch
internal import ParallaxStatistics

/// The nearest of some images to each of some of them, by the vectors of one space.
struct NeighbourLists {
  private static let batch = 64

  /// Best first, one list an image asked for, without the image itself.
  let lists: [[Int]]

  /// - Parameters:
  ///   - gallery: one vector a row.
  ///   - questions: vectors of the space that asks, for the same images; the gallery itself where `nil`.
  ///   - places: rows that are asked for.
  /// - Throws: `CancellationError`.
  init(
    among gallery: DenseMatrix, asking questions: DenseMatrix? = nil, for places: [Int], depth: Int
  ) throws {
    let questions = questions ?? gallery
    let index = ExactIndex(matrix: Self.matrix(of: gallery), similarity: .cosine)
    var lists: [[Int]] = []
    for start in stride(from: 0, to: places.count, by: Self.batch) {
      try Task.checkCancellation()
      let part = places[start..<min(start + Self.batch, places.count)]
      let found = try index.nearest(
        to: part.map { questions.row($0).map { Float($0) } }, count: depth + 1)
      for (place, hits) in zip(part, found) {
        lists.append(Array(hits.map(\.row).filter { $0 != place }.prefix(depth)))
      }
    }
    self.lists = lists
  }

  /// How much of each list another one of the same images has: from 0 to 1.
  func overlaps(with other: NeighbourLists, depth: Int) -> [Double] {
    zip(lists, other.lists).map { ListOverlap($0, $1, depth: depth)?.overlap ?? 0 }
  }

  private static func matrix(of rows: DenseMatrix) -> VectorMatrix {
    VectorMatrix(rowCount: rows.rowCount, dimension: rows.columnCount) { values in
      for (index, value) in rows.values.enumerated() { values[index] = Float(value) }
    }
  }
}
