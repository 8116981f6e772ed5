package import ParallaxCore

/// Hits that are not all alike.
package enum Diversity {
  /// Maximal marginal relevance (Carbonell and Goldstein, 1998): takes, one by one, the hit with the most
  /// λ × score − (1 − λ) × its greatest cosine to what is taken already.
  ///
  /// - Parameters:
  ///   - hits: candidates, best first, with scores that are cosines.
  ///   - lambda: 1 for relevance alone, 0 for difference alone.
  /// - Returns: at most `count` hits in the order they were taken, with their scores.
  package static func marginal(
    _ hits: [SearchHit], of matrix: VectorMatrix, lambda: Double, count: Int
  ) -> [SearchHit] {
    // A row without a direction is like no other.
    let vectors = hits.map { hit in
      let row = matrix.row(hit.row)
      return Vector.normalized(row) ?? row
    }
    var nearest = [Double](repeating: -.infinity, count: hits.count)
    var left = Array(hits.indices)
    var taken: [SearchHit] = []
    while taken.count < count, !left.isEmpty {
      func worth(_ place: Int) -> Double {
        let alike = taken.isEmpty ? 0 : nearest[place]
        return lambda * Double(hits[place].score) - (1 - lambda) * alike
      }
      // The first of equals: candidates come best first.
      guard
        let best = left.max(by: { worth($0) < worth($1) || (worth($0) == worth($1) && $0 > $1) })
      else { break }
      left.removeAll { $0 == best }
      taken.append(hits[best])
      for place in left {
        nearest[place] = max(nearest[place], Vector.dot(vectors[place], vectors[best]))
      }
    }
    return taken
  }
}
