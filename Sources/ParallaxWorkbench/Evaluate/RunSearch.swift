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
  typealias Outcome = Result<SpaceSearch.Found, ParallaxError>

  private typealias Wanted = (search: QueryRanking.Search, excluded: Set<Int>)

  let spaces: LoadedSpaces
  let entry: SearchableSpace
  /// Which of the spaces that are asked.
  let place: Int
  let template: Query
  /// The rows that a condition lets through; `nil` for all.
  let allowed: RowSet?
  /// For smaller dimensions.
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
      template.dimensions.isEmpty
        ? nil
        : try PrefixIndex(
          matrix: entry.loaded.matrix, dimensions: Set(template.dimensions).sorted())
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

  /// For each question in order its outcomes: one a dimension, ascending, or one.
  ///
  /// - Throws: `index`, `cancelled` and what no question alone is at fault for.
  func outcomes(of batch: [Asked]) async throws -> [[Outcome]] {
    let rankings = batch.map {
      QueryRanking(entry: entry, place: place, query: $0.query, terms: $0.terms)
    }
    let plain = search.plain(isFiltered: isFiltered)
    let wanted = zip(rankings, batch).map { ranking, asked in
      Result<[Wanted], ParallaxError>.catching {
        try ranking.searches().map { search in
          try prefix?.check(search.vector)
          try (plain?.index ?? entry.index).check(search.vector)
          return (search, asked.excluded[place])
        }
      }
    }
    let all = wanted.flatMap { (try? $0.get()) ?? [] }
    if let prefix {
      var found = try await byPrefix(prefix, all)[...]
      return wanted.map { wanted in
        switch wanted {
        case .success: (found.popFirst() ?? []).map { .success($0) }
        case .failure(let error): prefix.dimensions.map { _ in .failure(error) }
        }
      }
    }
    var found =
      if let plain {
        try await together(all, plain.index, plain.method)[...]
      } else {
        try await apart(all)[...]
      }
    return zip(rankings, wanted).map { ranking, wanted in
      [
        wanted.flatMap { wanted in
          let own = Array(found.prefix(wanted.count))
          found = found.dropFirst(wanted.count)
          return .catching {
            let (hits, method) = try ranking.ranking(of: own)
            return SpaceSearch.Found(hits: hits, method: method)
          }
        }
      ]
    }
  }

  /// In one pass over the rows for each batch.
  private func together(
    _ wanted: [Wanted], _ index: ExactIndex, _ method: String
  ) async throws -> [SpaceSearch.Found] {
    var found: [SpaceSearch.Found] = []
    for part in Self.parts(of: wanted) {
      let lists = try await ScanStop.whenCancelled { stop in
        try index.nearest(
          to: part.map(\.search.vector), count: Self.depth(of: part), allowed: allowed,
          minimumScore: part[0].search.minimumScore, until: stop)
      }
      found += zip(part, lists).map { Self.found($1, of: $0, method) }
    }
    return found
  }

  /// For each question one answer a dimension.
  private func byPrefix(
    _ prefix: PrefixIndex, _ wanted: [Wanted]
  ) async throws -> [[SpaceSearch.Found]] {
    var found: [[SpaceSearch.Found]] = []
    for part in Self.parts(of: wanted) {
      let lists = try await ScanStop.whenCancelled { stop in
        try prefix.nearest(
          to: part.map(\.search.vector), count: Self.depth(of: part), allowed: allowed,
          until: stop)
      }
      for (wanted, lists) in zip(part, lists) {
        let least = wanted.search.minimumScore ?? -.infinity
        found.append(
          lists.map { hits in
            Self.found(hits.filter { $0.score >= least }, of: wanted, "exact")
          })
      }
    }
    return found
  }

  private static func parts(of wanted: [Wanted]) -> [[Wanted]] {
    stride(from: 0, to: wanted.count, by: batch).map {
      Array(wanted[$0..<min($0 + batch, wanted.count)])
    }
  }

  /// How many hits are needed of each: more by as many as are left out afterwards. A longer list begins
  /// as a shorter one does.
  private static func depth(of wanted: [Wanted]) -> Int {
    wanted.map { $0.search.count + $0.excluded.count }.max() ?? 0
  }

  private static func found(
    _ hits: [SearchHit], of wanted: Wanted, _ method: String
  ) -> SpaceSearch.Found {
    let others =
      wanted.excluded.isEmpty ? hits : hits.filter { !wanted.excluded.contains($0.row) }
    return SpaceSearch.Found(hits: Array(others.prefix(wanted.search.count)), method: method)
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
        group.addTask {
          try Task.checkCancellation()
          return (index, try await search.nearest(one.search, allowed: allowed))
        }
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
