internal import ParallaxCore
internal import ParallaxSearch

/// What one space, or one dimension of it, answered.
struct AnswerPart {
  /// Rows that could have been answered.
  var candidates: Int
  var method: String
  var ranking: Answer.Ranking
  /// The warning about an index that was not used.
  var warning: String?

  /// One ranking a dimension, or one of all spaces: by score, then in the order in which the spaces
  /// were named.
  static func rankings(of parts: [AnswerPart], top: Int) -> [Answer.Ranking] {
    if parts.count == 1 || parts.contains(where: { $0.ranking.dimension != nil }) {
      return parts.map(\.ranking.ranked)
    }
    let order = parts.indices.flatMap { part in
      parts[part].ranking.hits.indices.map { (part: part, hit: $0) }
    }.sorted { left, right in
      let scores = [left, right].map { parts[$0.part].ranking.hits[$0.hit].score }
      return scores[0] != scores[1]
        ? scores[0] > scores[1] : (left.part, left.hit) < (right.part, right.hit)
    }.prefix(top)
    let given = parts.compactMap(\.ranking.contributions)
    return [
      Answer.Ranking(
        hits: order.map { parts[$0.part].ranking.hits[$0.hit] },
        contributions: given.count == parts.count
          ? Contributions(
            terms: given[0].terms, weights: given[0].weights,
            rows: order.map { given[$0.part].rows[$0.hit] }) : nil
      ).ranked
    ]
  }
}

extension Answer.Ranking {
  /// With ranks in the order of the hits.
  fileprivate var ranked: Self {
    var copy = self
    for place in hits.indices { copy.hits[place].rank = place + 1 }
    return copy
  }
}
