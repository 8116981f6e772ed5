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
    sums(rankings.map { ($0.hits.map(\.row), $0.weight) }, k: k)
      .sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
      .prefix(count).map { SearchHit(row: $0.key, score: Float($0.value)) }
  }

  /// The same for the candidates of a list.
  ///
  /// - Parameters:
  ///   - rows: the candidates.
  ///   - rankings: of these, each best first.
  /// - Returns: a score for each candidate, in the order of `rows`; 0 for one that no ranking has.
  package static func scores(
    of rows: [Int], _ rankings: [(rows: [Int], weight: Double)], k: Double = 60
  ) -> [Double] {
    let sums = sums(rankings, k: k)
    return rows.map { sums[$0] ?? 0 }
  }

  /// Added up in the order of the rankings.
  private static func sums(
    _ rankings: [(rows: [Int], weight: Double)], k: Double
  ) -> [Int: Double] {
    var scores: [Int: Double] = [:]
    for ranking in rankings {
      for (place, row) in ranking.rows.enumerated() {
        scores[row, default: 0] += ranking.weight / (k + Double(place + 1))
      }
    }
    return scores
  }
}
