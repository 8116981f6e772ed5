internal import ParallaxCore
internal import ParallaxSearch
internal import ParallaxStorage

extension QueryRanking {
  /// What the space answers to the query alone: one part, or one a dimension.
  ///
  /// - Throws: `invalid-value`, `index`, `cancelled`.
  func parts(of spaces: LoadedSpaces, allowed: RowSet?) async throws -> [AnswerPart] {
    guard query.dimensions.isEmpty else { return try byDimension(allowed) }
    let search = SpaceSearch(spaces: spaces, entry: entry, query: query)
    var found: [SpaceSearch.Found] = []
    for wanted in try searches() {
      found.append(try await search.nearest(wanted, allowed: allowed))
    }
    let (hits, method) = try ranking(of: found)
    return [
      AnswerPart(
        candidates: allowed?.count ?? entry.loaded.ids.count, method: method,
        ranking: Answer.Ranking(hits: self.hits(hits), contributions: contributions(to: hits)),
        warning: search.floorWarning(isFiltered: allowed != nil))
    ]
  }

  /// The ranking at each dimension, from one pass over the vectors.
  private func byDimension(_ allowed: RowSet?) throws -> [AnswerPart] {
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
}
