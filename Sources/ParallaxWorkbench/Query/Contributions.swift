/// The share of each term of a query in the scores of its hits.
package struct Contributions: Sendable, Hashable {
  package var terms: [String]
  package var weights: [Double]
  /// One list a row, in the order of the terms.
  package var rows: [[Double]]

  package init(terms: [String], weights: [Double], rows: [[Double]]) {
    self.terms = terms
    self.weights = weights
    self.rows = rows
  }
}
