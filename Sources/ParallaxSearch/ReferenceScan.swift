package import ParallaxCore

/// The exact search in plain Swift and double precision: what the kernels are checked against.
package enum ReferenceScan {
  /// The score of one row.
  package static func score(
    _ similarity: Similarity, _ query: [Float], _ row: [Float]
  ) -> Double {
    switch similarity {
    case .cosine: Vector.cosine(query, row) ?? 0
    case .dot: Vector.dot(query, row)
    case .euclidean:
      -zip(query, row).reduce(into: 0.0) { sum, pair in
        let difference = Double(pair.0) - Double(pair.1)
        sum += difference * difference
      }.squareRoot()
    }
  }

  /// Every allowed row, best first, equal scores by row.
  package static func ranking(
    of matrix: VectorMatrix, similarity: Similarity, query: [Float], allowed: RowSet? = nil
  ) -> [(row: Int, score: Double)] {
    (0..<matrix.rowCount).filter { allowed?.contains($0) ?? true }
      .map { ($0, score(similarity, query, matrix.row($0))) }
      .sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }
  }
}
