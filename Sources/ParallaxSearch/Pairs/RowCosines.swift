package import ParallaxCore

/// The cosines of single pairs of a matrix's rows: those that ``PairJoin`` finds, bit for bit.
package struct RowCosines: Sendable {
  private let side: PairSide
  private let extreme: Set<Int>

  package init(_ matrix: VectorMatrix, kernel: Kernel = .best, threads: Int? = nil) {
    side = PairSide(matrix, kernel, threads)
    extreme = Set(side.lengths.extreme)
  }

  /// - Returns: from -1 to 1, the same for both orders; `nil` where a row is zero.
  package func cosine(_ one: Int, _ other: Int) -> Float? {
    let (left, right) = (min(one, other), max(one, other))
    let inverses = side.lengths.inverses
    guard inverses[left] != 0, inverses[right] != 0 else { return nil }
    if extreme.contains(left) || extreme.contains(right) {
      return Vector.cosine(side.matrix.row(left), side.matrix.row(right)).map { Float($0) }
    }
    var score: Float = 0
    side.withPart(right..<right + 1) { part in
      side.withRow(left) {
        side.kernel.scan(.cosine, part, queries: $0, count: 1, scores: &score, stride: 1)
      }
    }
    var inverse = inverses[right]
    side.kernel.cosines(&score, rows: &inverse, query: inverses[left], count: 1)
    return score
  }
}
