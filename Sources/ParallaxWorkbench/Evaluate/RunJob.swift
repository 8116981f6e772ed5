internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage

/// Searches for the questions of a run, a batch at a time, in every space that is asked.
struct RunJob {
  /// What is known of a question before it is searched for.
  struct Prepared {
    var query: Query
    var terms: Result<[QueryTerms.Term], ParallaxError>
    /// The items that are the question, over all spaces.
    var own: Set<ItemID>
  }

  /// What was found.
  struct Outcome {
    var lists: [SystemRun.List] = []
    /// By id of the question.
    var failures: [String: ParallaxError] = [:]
    /// Each with how many questions were answered so, in the order of their first.
    var methods: [(name: String, count: Int)] = []

    /// All ways in one text.
    var method: String {
      guard methods.count > 1 else { return methods.first?.name ?? "exact" }
      return methods.map { "\($0.name) (\(Wording.count($0.count, "question")))" }
        .joined(separator: "; ")
    }
  }

  let questions: [Question]
  let prepared: [Prepared]
  /// One a space.
  let searches: [RunSearch]
  let owners: [OwnItems]
  let spares: Bool

  /// - Throws: `index`, `invalid-value` about an option, `cancelled`.
  func run(_ progress: ProgressHandler) async throws -> Outcome {
    var outcome = Outcome()
    for start in stride(from: 0, to: questions.count, by: RunSearch.batch) {
      try Task.checkCancellation()
      let batch = start..<min(start + RunSearch.batch, questions.count)
      try await answer(batch, into: &outcome)
      progress(
        Progress(
          "searching", completed: batch.upperBound, total: questions.count, unit: "questions"))
    }
    return outcome
  }

  private func answer(_ batch: Range<Int>, into outcome: inout Outcome) async throws {
    let ready = batch.filter { if case .success = prepared[$0].terms { true } else { false } }
    let asked = try ready.map { try self.asked($0) }
    var bySpace: [[RunSearch.Outcome]] = []
    for search in searches { bySpace.append(try await search.outcomes(of: asked)) }
    var answers = asked.enumerated().map { place, asked in
      answer(asked, bySpace.map { $0[place] })
    }[...]
    for index in batch {
      let id = questions[index].id
      if case .failure(let error) = prepared[index].terms {
        outcome.failures[id] = error
        continue
      }
      switch answers.popFirst() {
      case .success(let (hits, method)):
        outcome.lists.append(SystemRun.List(question: id, hits: hits))
        if let known = outcome.methods.firstIndex(where: { $0.name == method }) {
          outcome.methods[known].count += 1
        } else {
          outcome.methods.append((method, 1))
        }
      case .failure(let error): outcome.failures[id] = error
      case nil: break
      }
    }
  }

  private func asked(_ index: Int) throws -> RunSearch.Asked {
    let (question, prepared) = (questions[index], prepared[index])
    var query = prepared.query
    if spares { query.top += prepared.own.count }
    let excluded = zip(searches, owners).map { search, owner -> Set<Int> in
      guard query.excludesOwn else { return [] }
      let loaded = search.entry.loaded
      return Set(owner.asked(question.terms).compactMap { loaded.row(of: $0) })
    }
    return RunSearch.Asked(query: query, terms: try prepared.terms.get(), excluded: excluded)
  }

  /// One list of what all spaces answered.
  private func answer(
    _ asked: RunSearch.Asked, _ outcomes: [RunSearch.Outcome]
  ) -> Result<(hits: [SystemRun.Hit], method: String), ParallaxError> {
    var parts: [AnswerPart] = []
    for (search, outcome) in zip(searches, outcomes) {
      switch outcome {
      case .failure(let error): return .failure(error)
      case .success(let found):
        parts.append(
          AnswerPart(
            candidates: search.candidates, method: found.method,
            ranking: Answer.Ranking(hits: found.hits)))
      }
    }
    let ranking = AnswerPart.rankings(of: parts, top: asked.query.top)[0]
    let hits = ranking.hits.map {
      SystemRun.Hit(id: $0.id, score: $0.shownScore, rank: $0.rank, space: $0.space)
    }
    return .success((hits, parts[0].method))
  }
}
