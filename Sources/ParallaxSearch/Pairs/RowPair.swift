/// Two rows and their score.
package struct RowPair: Sendable, Hashable {
  /// A row of the left matrix; of one matrix with itself, the lower row.
  package var left: Int32
  package var right: Int32
  /// The cosine, the number that a query by one row shows for the other.
  package var score: Float

  package init(left: Int32, right: Int32, score: Float) {
    self.left = left
    self.right = right
    self.score = score
  }
}
