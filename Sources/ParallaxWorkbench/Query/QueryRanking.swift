internal import ParallaxCore
internal import ParallaxSearch
internal import ParallaxStorage

/// From the vectors of a query's terms to a ranking of one space.
struct QueryRanking {
  /// Candidates that difference is sought among, for each hit wanted.
  private static let diversityDepth = 10
  /// Ranks of a term that count in rank fusion, at least.
  private static let fusionDepth = 1_000

  let spaces: LoadedSpaces
  let entry: SearchableSpace
  /// Which of the spaces that are asked.
  let place: Int
  let query: Query
  let terms: [QueryTerms.Term]
  let allowed: RowSet?

  /// What the space answers: one part, or one a dimension.
  ///
  /// - Throws: `invalid-value`, `index`, `cancelled`.
  func parts() async throws -> [AnswerPart] {
    query.dimensions.isEmpty ? [try await whole()] : try byDimension()
  }

  private func whole() async throws -> AnswerPart {
    let depth =
      query.diversity == nil
      ? query.top : min(entry.index.rowCount, query.top * Self.diversityDepth)
    let isRankFusion = query.fusion == .reciprocalRank
    var found = isRankFusion ? try await ranked(depth) : try await summed(depth)
    if let lambda = query.diversity {
      found.hits = Diversity.marginal(
        found.hits, of: entry.loaded.matrix, lambda: lambda, count: query.top)
      found.method += ", diversified (mmr \(lambda))"
    }
    let isSum = !isRankFusion && query.similarity == .cosine
    return AnswerPart(
      candidates: allowed?.count ?? entry.loaded.ids.count, method: found.method,
      ranking: Answer.Ranking(
        hits: hits(found.hits), contributions: isSum ? contributions(to: found.hits) : nil),
      warning: search(query.top).floorWarning)
  }

  /// The ranking at each dimension, from one pass over the vectors.
  private func byDimension() throws -> [AnswerPart] {
    let dimensions = Set(query.dimensions).sorted()
    let vector = try vector()
    let answers = try attributing(to: "dims") {
      try PrefixIndex(matrix: entry.loaded.matrix, dimensions: dimensions)
        .nearest(to: vector, count: query.top, allowed: allowed)
    }
    let least = query.minimumScore ?? -.infinity
    return zip(dimensions, answers).map { dimension, found in
      AnswerPart(
        candidates: allowed?.count ?? entry.index.rowCount, method: "exact",
        ranking: Answer.Ranking(
          dimension: dimension, hits: hits(found.filter { $0.score >= least })))
    }
  }

  private func hits(_ found: [SearchHit]) -> [Answer.Hit] {
    found.map {
      Answer.Hit(
        space: place, item: entry.loaded.items[$0.row], id: entry.loaded.ids[$0.row],
        score: $0.score)
    }
  }

  private func summed(_ depth: Int) async throws -> SpaceSearch.Found {
    try await search(depth).nearest(to: try vector())
  }

  /// What is searched for. A sum has unit length; one vector alone stays as it is, bit for bit, so
  /// that it finds its own copies with a score of 1.
  private func vector() throws -> [Float] {
    if terms.count == 1, terms[0].weight > 0 { return terms[0].vector }
    return try QueryFusion.weightedSum(terms.map { ($0.vector, $0.weight) })
  }

  private func ranked(_ depth: Int) async throws -> SpaceSearch.Found {
    var rankings: [(hits: [SearchHit], weight: Double)] = []
    var method = "exact"
    for term in terms {
      let found = try await search(max(depth, Self.fusionDepth), ignoringLeastScore: true)
        .nearest(to: term.vector)
      rankings.append((found.hits, term.weight))
      method = found.method
    }
    let least = query.minimumScore ?? -.infinity
    let fused = RankFusion.reciprocal(rankings, count: depth)
    guard fused.isEmpty || fused.contains(where: { $0.score != 0 }) else {
      throw ParallaxError(
        .invalidValue, "the terms of the query cancel out", hint: "change their weights")
    }
    return SpaceSearch.Found(
      hits: fused.filter { $0.score >= least },
      method: method == "exact" ? "rank fusion" : "rank fusion, \(method)")
  }

  private func search(_ count: Int, ignoringLeastScore: Bool = false) -> SpaceSearch {
    SpaceSearch(
      spaces: spaces, entry: entry, query: query, count: count, allowed: allowed,
      minimumScore: ignoringLeastScore ? nil : query.minimumScore)
  }

  /// What each term gave to the score of each hit: its weight times its cosine, over the length of the
  /// weighted sum. They add up to the score.
  private func contributions(to hits: [SearchHit]) -> Contributions? {
    let units = terms.compactMap { Vector.normalized($0.vector) }
    guard units.count == terms.count, let dimension = units.first?.count else { return nil }
    var sum = [Double](repeating: 0, count: dimension)
    for (term, unit) in zip(terms, units) {
      for place in sum.indices { sum[place] += term.weight * Double(unit[place]) }
    }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { return nil }
    return Contributions(
      terms: terms.map(\.label), weights: terms.map(\.weight),
      rows: hits.map { hit in
        let row = entry.loaded.matrix.row(hit.row)
        return zip(terms, units).map { term, unit in
          term.weight * (Vector.cosine(unit, row) ?? 0) / length
        }
      })
  }
}
