internal import ParallaxCore
internal import ParallaxSearch
internal import ParallaxStorage
private import ParallaxSystem

/// Finds the hits of many questions in one space, as many at a time as the kernels take.
struct RunSearch {
  /// Questions that take one pass over the vectors.
  static let batch = 64

  /// One question with what is needed to search for it.
  struct Asked: Sendable {
    var query: Query
    var terms: [QueryTerms.Term]
    /// The question's own rows, by place of the space, which no answer may hold.
    var excluded: [Set<Int>]
  }

  /// A question's hits in one space, or why there are none.
  typealias Outcome = Result<Found, ParallaxError>

  struct Found: Sendable {
    var hits: [Answer.Hit]
    var method: String
  }

  let spaces: LoadedSpaces
  let entry: SearchableSpace
  /// Which of the spaces that are asked.
  let place: Int
  let template: Query
  /// The rows that a condition lets through; `nil` for all.
  let allowed: RowSet?
  /// For a smaller dimension.
  private let prefix: PrefixIndex?

  /// - Throws: `invalid-value` naming `dims`.
  init(
    spaces: LoadedSpaces, entry: SearchableSpace, place: Int, template: Query, allowed: RowSet?
  ) throws {
    self.spaces = spaces
    self.entry = entry
    self.place = place
    self.template = template
    self.allowed = allowed
    prefix = try attributing(to: "dims") {
      try template.dimensions.first.map {
        try PrefixIndex(matrix: entry.loaded.matrix, dimensions: [$0])
      }
    }
  }

  /// Rows that could be answered.
  var candidates: Int { allowed?.count ?? entry.index.rowCount }

  private var search: SpaceSearch {
    SpaceSearch(spaces: spaces, entry: entry, query: template)
  }

  /// Whether each question excludes rows, as far as the choice of an index is concerned.
  private var isFiltered: Bool { allowed != nil || template.excludesOwn }

  /// About an index that is not used.
  var floorWarning: String? { search.floorWarning(isFiltered: isFiltered) }

  /// One outcome a question, in order.
  ///
  /// - Throws: `index`, `cancelled` and what no question alone is at fault for.
  func outcomes(of batch: [Asked]) async throws -> [Outcome] {
    let rankings = batch.map {
      QueryRanking(entry: entry, place: place, query: $0.query, terms: $0.terms)
    }
    let wanted = rankings.map { ranking in
      Result<[QueryRanking.Search], ParallaxError>.catching { try ranking.searches() }
    }
    var found = try await found(
      wanted.enumerated().flatMap { index, searches in
        ((try? searches.get()) ?? []).map { ($0, batch[index].excluded[place]) }
      })[...]
    return zip(rankings, wanted).map { ranking, searches in
      searches.flatMap { searches in
        let own = Array(found.prefix(searches.count))
        found = found.dropFirst(searches.count)
        return .catching {
          let (hits, method) = try ranking.ranking(of: own)
          return Found(hits: ranking.hits(hits), method: method)
        }
      }
    }
  }

  private typealias Wanted = (search: QueryRanking.Search, excluded: Set<Int>)

  private func found(_ wanted: [Wanted]) async throws -> [SpaceSearch.Found] {
    if let prefix { return try wanted.map { try byPrefix(prefix, $0) } }
    guard wanted.count > 1, let (index, method) = search.plain(isFiltered: isFiltered) else {
      return try await apart(wanted)
    }
    var all: [SpaceSearch.Found] = []
    for start in stride(from: 0, to: wanted.count, by: Self.batch) {
      let part = Array(wanted[start..<min(start + Self.batch, wanted.count)])
      // More by as many as are left out afterwards: a longer list begins as a shorter one does.
      let count = part.map { $0.search.count + $0.excluded.count }.max() ?? 0
      let lists = try await ScanStop.whenCancelled { stop in
        try index.nearest(
          to: part.map(\.search.vector), count: count, allowed: allowed,
          minimumScore: part[0].search.minimumScore, until: stop)
      }
      all += zip(part, lists).map { Self.found($1, of: $0, method) }
    }
    return all
  }

  private static func found(
    _ hits: [SearchHit], of wanted: Wanted, _ method: String
  ) -> SpaceSearch.Found {
    let others =
      wanted.excluded.isEmpty ? hits : hits.filter { !wanted.excluded.contains($0.row) }
    return SpaceSearch.Found(hits: Array(others.prefix(wanted.search.count)), method: method)
  }

  private func byPrefix(_ prefix: PrefixIndex, _ wanted: Wanted) throws -> SpaceSearch.Found {
    try Task.checkCancellation()
    let least = wanted.search.minimumScore ?? -.infinity
    let hits = try prefix.nearest(
      to: wanted.search.vector, count: wanted.search.count + wanted.excluded.count,
      allowed: allowed)[0]
    return Self.found(hits.filter { $0.score >= least }, of: wanted, "exact")
  }

  /// Each for itself, several at the same time.
  private func apart(_ wanted: [Wanted]) async throws -> [SpaceSearch.Found] {
    let search = search
    return try await withThrowingTaskGroup(of: (Int, SpaceSearch.Found).self) { group in
      var next = 0
      func start() {
        guard next < wanted.count else { return }
        let (index, one) = (next, wanted[next])
        let allowed = allowed(without: one.excluded)
        group.addTask { (index, try await search.nearest(one.search, allowed: allowed)) }
        next += 1
      }
      for _ in 0..<Processors.count { start() }
      var found = [SpaceSearch.Found?](repeating: nil, count: wanted.count)
      for try await (index, one) in group {
        found[index] = one
        start()
      }
      return found.compactMap(\.self)
    }
  }

  private func allowed(without excluded: Set<Int>) -> RowSet? {
    guard template.excludesOwn else { return allowed }
    let count = entry.index.rowCount
    var rows = allowed ?? RowSet(capacity: count, rows: 0..<count)
    for row in excluded { rows.remove(row) }
    return rows
  }
}

extension Result where Failure == ParallaxError {
  /// What a question alone is at fault for.
  fileprivate static func catching(_ body: () throws -> Success) -> Self {
    do { return .success(try body()) } catch let error as ParallaxError {
      return .failure(error)
    } catch {
      return .failure(ParallaxError(.internalError, "\(error)"))
    }
  }
}
