private import ParallaxCore

/// Several terms as one query.
package enum QueryFusion {
  /// The weighted sum of the terms' unit vectors, scaled to unit length.
  ///
  /// - Throws: `invalid-value` when the terms cancel out or a term has no direction.
  package static func weightedSum(
    _ terms: [(vector: [Float], weight: Double)]
  ) throws -> [Float] {
    guard let dimension = terms.first?.vector.count else {
      throw ParallaxError(.invalidValue, "a query needs at least one term")
    }
    var sum = [Double](repeating: 0, count: dimension)
    for term in terms {
      guard let unit = Vector.normalized(term.vector), unit.count == dimension else {
        throw ParallaxError(.invalidValue, "a term of the query has no usable vector")
      }
      for index in sum.indices { sum[index] += term.weight * Double(unit[index]) }
    }
    guard let fused = Vector.normalized(sum.map { Float($0) }) else {
      throw ParallaxError(
        .invalidValue, "the terms of the query cancel out", hint: "change their weights")
    }
    return fused
  }
}
