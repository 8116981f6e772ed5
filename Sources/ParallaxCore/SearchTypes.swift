/// How two vectors are compared; a higher score is always nearer.
package enum Similarity: String, Sendable, Hashable, CaseIterable {
  /// The cosine of the angle, -1...1.
  case cosine
  /// The dot product.
  case dot
  /// The negated Euclidean distance, at most 0.
  case euclidean
}

/// One row found by a search.
package struct SearchHit: Sendable, Hashable {
  package var row: Int
  package var score: Float

  package init(row: Int, score: Float) {
    self.row = row
    self.score = score
  }
}

/// Something that finds the rows nearest to a vector.
package protocol VectorIndex: Sendable {
  var rowCount: Int { get }
  var dimension: Int { get }

  /// The nearest rows, best first; equal scores are ordered by the index's tie order.
  ///
  /// - Parameters:
  ///   - query: `dimension` finite values.
  ///   - count: at most this many hits; fewer only when fewer rows pass.
  ///   - allowed: the rows that may be returned; `nil` for all.
  ///   - minimumScore: hits below it are left out.
  func nearest(
    to query: [Float], count: Int, allowed: RowSet?, minimumScore: Float?
  ) throws -> [SearchHit]
}
