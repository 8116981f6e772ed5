internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxSearch
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// From the vectors of a query's terms to a ranking.
@MainActor
struct QueryRanking {
  /// Candidates that difference is sought among, for each hit wanted.
  private static let mmrDepth = 10
  /// Ranks of a term that count in rank fusion, at least.
  private static let fusionDepth = 1_000

  let entry: SearchableSpace
  let session: Session
  let arguments: Arguments
  let terms: [QueryTerms.Term]
  let allowed: RowSet?

  struct Found {
    var hits: [SearchHit]
    var method: String
    var contributions: Contributions?
  }

  private var isByDirection: Bool { SpaceSearch.similarity(arguments) == .cosine }

  private var top: Int { arguments.integer("top") ?? 10 }

  /// - Throws: `invalid-value`, `index`.
  func found(isRankFusion: Bool) async throws -> Found {
    let lambda = arguments.number("mmr")
    let depth = lambda == nil ? top : min(entry.index.rowCount, top * Self.mmrDepth)
    var found = isRankFusion ? try await ranked(depth) : try await summed(depth)
    if let lambda {
      let (hits, count) = (found.hits, top)
      found.hits = try await offMainActor {
        Diversity.marginal(hits, of: entry.loaded.matrix, lambda: lambda, count: count)
      }
      found.method += ", diversified (mmr \(lambda))"
    }
    found.contributions = isRankFusion || !isByDirection ? nil : contributions(to: found.hits)
    return found
  }

  /// The ranking at each dimension of --dims, from one pass over the vectors.
  ///
  /// - Throws: `invalid-value`.
  func foundByDimension() async throws -> [QueryPart] {
    let dimensions = Set(arguments.list("dims").compactMap { Int($0) }).sorted()
    let vector = try vector()
    let answers: [[SearchHit]]
    let count = top
    do {
      answers = try await offMainActor {
        try PrefixIndex(matrix: entry.loaded.matrix, dimensions: dimensions)
          .nearest(to: vector, count: count, allowed: allowed)
      }
    } catch let error as ParallaxError {
      throw error.located(at: arguments.location(ofOption: "dims"))
    }
    let least = arguments.number("min-score").map { Float($0) } ?? -.infinity
    return zip(dimensions, answers).map { dimension, hits in
      QueryPart(
        entry: entry, candidates: allowed?.count ?? entry.index.rowCount,
        found: Found(hits: hits.filter { $0.score >= least }, method: "exact"),
        dimension: dimension)
    }
  }

  private func summed(_ depth: Int) async throws -> Found {
    let answer = try await search(depth).nearest(to: try vector())
    return Found(hits: answer.hits, method: answer.method)
  }

  /// What is searched for. A sum has unit length; one vector alone stays as it is, bit for bit, so
  /// that it finds its own copies with a score of 1.
  private func vector() throws -> [Float] {
    if terms.count == 1, terms[0].weight > 0 { return terms[0].vector }
    return try QueryFusion.weightedSum(terms.map { ($0.vector, $0.weight) })
  }

  private func ranked(_ depth: Int) async throws -> Found {
    var rankings: [(hits: [SearchHit], weight: Double)] = []
    var method = "exact"
    for term in terms {
      let answer = try await search(max(depth, Self.fusionDepth), ignoringLeastScore: true)
        .nearest(to: term.vector)
      rankings.append((answer.hits, term.weight))
      method = answer.method
    }
    let least = arguments.number("min-score").map { Float($0) } ?? -.infinity
    let fused = RankFusion.reciprocal(rankings, count: depth)
    guard fused.isEmpty || fused.contains(where: { $0.score != 0 }) else {
      throw arguments.error(
        .invalidValue, "the terms of the query cancel out", hint: "change their weights")
    }
    return Found(
      hits: fused.filter { $0.score >= least },
      method: method == "exact" ? "rank fusion" : "rank fusion, \(method)")
  }

  /// What is to be said of an index that was passed over.
  var warning: String? { search(top).floorWarning }

  private func search(_ count: Int, ignoringLeastScore: Bool = false) -> SpaceSearch {
    SpaceSearch(
      session: session, entry: entry, count: count, allowed: allowed,
      minimumScore: ignoringLeastScore ? nil : arguments.number("min-score").map { Float($0) },
      arguments: arguments)
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
