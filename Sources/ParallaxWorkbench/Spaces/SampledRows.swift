internal import ParallaxCore
internal import ParallaxSearch
private import ParallaxStorage

/// Some rows of a space as a matrix of their own.
struct SampledRows {
  let matrix: VectorMatrix
  private let index: ExactIndex

  init(_ entry: SearchableSpace, _ rows: [Int]) {
    let all = entry.loaded.matrix
    if rows.count == all.rowCount {
      (matrix, index) = (all, entry.index)
      return
    }
    let dimension = all.dimension
    matrix = VectorMatrix(rowCount: rows.count, dimension: dimension) { sampled in
      all.withValues { values in
        for (place, row) in rows.enumerated() {
          for index in 0..<dimension {
            sampled[place * dimension + index] = values[row * dimension + index]
          }
        }
      }
    }
    index = ExactIndex(matrix: matrix, similarity: .cosine)
  }

  /// The nearest others of each row, or of some.
  func neighbours(
    of rows: [Int]? = nil, _ count: Int, until stop: ScanStop, _ handler: @escaping EventHandler
  ) throws -> [[SearchHit]] {
    let rows = rows ?? Array(0..<matrix.rowCount)
    return try index.neighbours(of: rows, count: count, until: stop) { done in
      handler(
        .progress(Progress("comparing", completed: done, total: rows.count, unit: "images")))
    }
  }
}
