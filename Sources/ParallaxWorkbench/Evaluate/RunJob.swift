internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage

/// Searches for the questions of a run, a batch at a time, in every space that is asked.
struct RunJob {
  typealias Hit = RunHits.Found

  /// What was found, whole or at one dimension.
  struct Outcome {
    /// `nil` for the whole vectors.
    var dimension: Int?
    /// By place of the question, best first.
    var answers: [(question: Int, hits: [Hit])] = []
    /// By place of the question.
    var failures: [Int: ParallaxError] = [:]
    /// Each with how many questions were answered so, in the order of their first.
    var methods: [(name: String, count: Int)] = []

    /// All ways in one text.
    var method: String {
      guard methods.count > 1 else { return methods.first?.name ?? "exact" }
      return methods.map { "\($0.name) (\(Wording.count($0.count, "question")))" }
        .joined(separator: "; ")
    }

    mutating func note(_ method: String) {
      if let known = methods.firstIndex(where: { $0.name == method }) {
        methods[known].count += 1
      } else {
        methods.append((method, 1))
      }
    }
  }

  let asked: AskedQuestions
  /// One a question, with the options of the template.
  let queries: [Query]
  /// One a space.
  let searches: [RunSearch]
  let spares: Bool

  /// One outcome a dimension, ascending, or one.
  ///
  /// - Throws: `index`, `invalid-value` about an option, `cancelled`.
  func run(_ progress: ProgressHandler) async throws -> [Outcome] {
    let dimensions = Set(queries.first?.dimensions ?? []).sorted()
    var outcomes =
      dimensions.isEmpty ? [Outcome()] : dimensions.map { Outcome(dimension: $0) }
    for start in stride(from: 0, to: queries.count, by: RunSearch.batch) {
      try Task.checkCancellation()
      let batch = start..<min(start + RunSearch.batch, queries.count)
      try await answer(batch, into: &outcomes)
      progress(
        Progress(
          "searching", completed: batch.upperBound, total: queries.count, unit: "questions"))
    }
    return outcomes
  }

  private func answer(_ batch: Range<Int>, into outcomes: inout [Outcome]) async throws {
    var (ready, wanted) = ([Int](), [RunSearch.Asked]())
    for place in batch {
      switch asked.terms[place] {
      case .success(let terms):
        ready.append(place)
        wanted.append(self.wanted(place, terms))
      case .failure(let error):
        for index in outcomes.indices { outcomes[index].failures[place] = error }
      }
    }
    var bySpace: [[[RunSearch.Outcome]]] = []
    for search in searches { bySpace.append(try await search.outcomes(of: wanted)) }
    for (order, place) in ready.enumerated() {
      for index in outcomes.indices {
        switch Self.merged(bySpace.map { $0[order][index] }, top: wanted[order].query.top) {
        case .success(let (hits, method)):
          outcomes[index].answers.append((place, hits))
          outcomes[index].note(method)
        case .failure(let error): outcomes[index].failures[place] = error
        }
      }
    }
  }

  private func wanted(_ place: Int, _ terms: [QueryTerms.Term]) -> RunSearch.Asked {
    var query = queries[place]
    if spares { query.top += asked.own[place].count }
    let excluded = zip(searches, asked.owners).map { search, owner -> Set<Int> in
      guard query.excludesOwn else { return [] }
      let loaded = search.entry.loaded
      return Set(owner.asked(query.terms).compactMap { loaded.row(of: $0) })
    }
    return RunSearch.Asked(query: query, terms: terms, excluded: excluded)
  }

  /// One list of what all spaces answered: by score, then in the order in which the spaces were named.
  private static func merged(
    _ outcomes: [RunSearch.Outcome], top: Int
  ) -> Result<(hits: [Hit], method: String), ParallaxError> {
    var (hits, method) = ([Hit](), "")
    for (space, outcome) in outcomes.enumerated() {
      switch outcome {
      case .failure(let error): return .failure(error)
      case .success(let found):
        if space == 0 { method = found.method }
        hits += found.hits.map {
          Hit(row: Int32($0.row), space: Int32(space), score: $0.score)
        }
      }
    }
    guard outcomes.count > 1 else { return .success((hits, method)) }
    let order = hits.indices.sorted {
      hits[$0].score != hits[$1].score ? hits[$0].score > hits[$1].score : $0 < $1
    }
    return .success((order.prefix(top).map { hits[$0] }, method))
  }
}

extension AskedQuestions {
  /// What was found as lists of a run.
  func lists(of outcome: RunJob.Outcome) -> [SystemRun.List] {
    let ids = entries.map(\.loaded.ids)
    return outcome.answers.map { place, hits in
      SystemRun.List(question: questions[place].id, hits: RunHits(hits, ids: ids))
    }
  }
}
