package import ParallaxCore

/// Several rankings as one.
package enum RankFusion {
  /// Reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009): a row's score is the sum over the
  /// rankings of weight / (k + rank), ranks from 1; a row that a ranking lacks gets nothing from it.
  ///
  /// - Parameter k: 60 in the paper.
  /// - Returns: best first, equal scores by row.
  package static func reciprocal(
    _ rankings: [(hits: [SearchHit], weight: Double)], k: Double = 60, count: Int
  ) -> [SearchHit] {
    var scores: [Int: Double] = [:]
    for ranking in rankings {
      for (place, hit) in ranking.hits.enumerated() {
        scores[hit.row, default: 0] += ranking.weight / (k + Double(place + 1))
      }
    }
    return scores.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
      .prefix(count).map { SearchHit(row: $0.key, score: Float($0.value)) }
  }
}
