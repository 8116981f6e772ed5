package import ParallaxCore
package struct ExactIndex: VectorIndex {
  let matrix: VectorMatrix
  package init(matrix: VectorMatrix, similarity: Similarity) { self.matrix = matrix }
  package var rowCount: Int { matrix.rowCount }
  package var dimension: Int { matrix.dimension }
  package func nearest(to query: [Float], count: Int, allowed: RowSet?, minimumScore: Float?) throws -> [SearchHit] {
    (0..<rowCount).filter { allowed?.contains($0) ?? true }.map { SearchHit(row: $0, score: Float(Vector.dot(matrix.row($0), query))) }.sorted { $0.score > $1.score }.prefix(count).map { $0 }
  }
}
package enum QueryFusion {
  package static func weightedSum(_ terms: [(vector: [Float], weight: Double)]) throws -> [Float] { terms[0].vector }
}
