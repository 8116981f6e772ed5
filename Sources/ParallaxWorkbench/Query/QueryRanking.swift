internal import ParallaxCore
internal import ParallaxSearch
internal import ParallaxStorage

/// From the vectors of a query's terms to a ranking of one space.
struct QueryRanking {
  /// Candidates that difference is sought among, for each hit wanted.
  private static let diversityDepth = 10
  /// Ranks of a term that count in rank fusion, at least.
  private static let fusionDepth = 1_000

  let entry: SearchableSpace
  /// Which of the spaces that are asked.
  let place: Int
  let query: Query
  let terms: [QueryTerms.Term]

  /// One vector whose nearest rows are needed.
  struct Search {
    var vector: [Float]
    var count: Int
    var minimumScore: Float?
  }

  private var isRankFusion: Bool { query.fusion == .reciprocalRank }

  /// How many hits are needed before difference is sought among them.
  private var depth: Int {
    query.diversity == nil
      ? query.top : min(entry.index.rowCount, query.top * Self.diversityDepth)
  }

  /// What has to be looked for: the sum of the terms, or each term apart.
  ///
  /// - Throws: `invalid-value` when the terms cancel out.
  func searches() throws -> [Search] {
    guard isRankFusion else {
      return [Search(vector: try vector(), count: depth, minimumScore: query.minimumScore)]
    }
    return terms.map {
      Search(vector: $0.vector, count: max(depth, Self.fusionDepth), minimumScore: nil)
    }
  }

  /// What is searched for. A sum has unit length; one vector alone stays as it is, bit for bit, so
  /// that it finds its own copies with a score of 1.
  func vector() throws -> [Float] {
    if terms.count == 1, terms[0].weight > 0 { return terms[0].vector }
    return try QueryFusion.weightedSum(terms.map { ($0.vector, $0.weight) })
  }

  /// The ranking that follows from what ``searches()`` found.
  ///
  /// - Throws: `invalid-value` when the terms cancel out.
  func ranking(of found: [SpaceSearch.Found]) throws -> (hits: [SearchHit], method: String) {
    var (hits, method) = isRankFusion ? try fused(found) : (found[0].hits, found[0].method)
    if let lambda = query.diversity {
      hits = Diversity.marginal(hits, of: entry.loaded.matrix, lambda: lambda, count: query.top)
      method += ", diversified (mmr \(lambda))"
    }
    return (hits, method)
  }

  private func fused(
    _ found: [SpaceSearch.Found]
  ) throws -> (hits: [SearchHit], method: String) {
    let least = query.minimumScore ?? -.infinity
    let fused = RankFusion.reciprocal(
      zip(found, terms).map { (hits: $0.hits, weight: $1.weight) }, count: depth)
    guard fused.isEmpty || fused.contains(where: { $0.score != 0 }) else {
      throw ParallaxError(
        .invalidValue, "the terms of the query cancel out", hint: "change their weights")
    }
    let method = found.last?.method ?? "exact"
    return (
      fused.filter { $0.score >= least },
      method == "exact" ? "rank fusion" : "rank fusion, \(method)"
    )
  }

  func hits(_ found: [SearchHit]) -> [Answer.Hit] {
    found.map {
      Answer.Hit(
        space: place, item: entry.loaded.items[$0.row], id: entry.loaded.ids[$0.row],
        score: $0.score)
    }
  }

  /// What each term gave to the score of each hit; `nil` where scores are no sums of terms.
  func contributions(to hits: [SearchHit]) -> Contributions? {
    guard query.hasSums else { return nil }
    return Contributions(of: terms, to: hits.map { entry.loaded.matrix.row($0.row) })
  }
}

extension Query {
  /// Whether scores are sums of what the terms give.
  var hasSums: Bool {
    fusion != .reciprocalRank && similarity == .cosine && dimensions.isEmpty
  }
}

extension Contributions {
  /// What each term gave to the score of some rows: its weight times its cosine, over the length of the
  /// weighted sum. They add up to the score.
  init?(of terms: [QueryTerms.Term], to rows: [[Float]]) {
    let units = terms.compactMap { Vector.normalized($0.vector) }
    guard units.count == terms.count, let dimension = units.first?.count else { return nil }
    var sum = [Double](repeating: 0, count: dimension)
    for (term, unit) in zip(terms, units) {
      for place in sum.indices { sum[place] += term.weight * Double(unit[place]) }
    }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { return nil }
    self.init(
      terms: terms.map(\.label), weights: terms.map(\.weight),
      rows: rows.map { row in
        zip(terms, units).map { term, unit in
          term.weight * (Vector.cosine(unit, row) ?? 0) / length
        }
      })
  }
}
