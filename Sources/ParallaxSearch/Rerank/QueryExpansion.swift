private import ParallaxCore
private import ParallaxStatistics

/// The question moved towards its first answers.
package enum QueryExpansion {
  /// α-weighted query expansion (Radenović, Tolias and Chum, 2018, "Fine-tuning CNN image retrieval with no
  /// human annotation", section 3.4); with α = 0 average query expansion (Chum et al., 2007).
  ///
  /// The new question is q + Σ max(0, sᵢ)^α xᵢ over the first n candidates, where q and xᵢ have length 1 and
  /// sᵢ is their cosine; it is added up in the order of the list. With α = 0 each of them counts 1, whatever
  /// its cosine. A candidate without a direction adds nothing.
  ///
  /// - Parameters:
  ///   - count: n, of the first candidates; at least 1.
  ///   - alpha: 0 or more.
  ///   - own: rows that are the question itself: they are no answers that it moves towards.
  /// - Returns: each candidate's cosine with the new question, from -1 to 1.
  /// - Throws: `invalid-value` when the question and what is added to it cancel out.
  package static func scores(
    of list: RankedVectors, count: Int = 10, alpha: Double = 3, own: Set<Int> = []
  ) throws -> [Double] {
    let points = list.points
    var expanded = points[0].map { $0 / points.squares[0].squareRoot() }
    let others = list.rows.indices.filter { !own.contains(list.rows[$0]) }
    for place in others.prefix(count) where points.squares[place + 1] > 0 {
      let weight = weight(of: list.cosines[place], alpha)
      let length = points.squares[place + 1].squareRoot()
      for (index, value) in points[place + 1].enumerated() {
        expanded[index] += weight * (value / length)
      }
    }
    guard expanded.contains(where: { $0 != 0 }) else {
      throw ParallaxError(
        .invalidValue, "a question and its first \(count) candidates cancel out",
        hint: "choose a larger alpha, so that what is far from the question counts less")
    }
    return Array(points.cosines(with: expanded).dropFirst())
  }

  /// max(0, cosine)^α.
  private static func weight(of cosine: Double, _ alpha: Double) -> Double {
    if alpha == 0 { return 1 }
    return cosine > 0 ? PortableMath.exp(alpha * PortableMath.log(cosine)) : 0
  }
}
