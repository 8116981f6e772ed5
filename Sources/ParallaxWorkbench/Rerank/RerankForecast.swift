package import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage

/// What a reranking would ask for, found out without asking.
package struct RerankForecast: Sendable {
  /// As it was named.
  package var name: String
  /// `nil` for a method of vectors, which is known by its name alone.
  package var spec: RerankerSpec?
  package var questions: Int
  /// Candidates that would be looked at, of all lists together.
  package var pairs: Int
  /// Those of them that have a kept score.
  package var known: Int
  /// Those that have nothing to be read.
  package var unreadable: Int
  package var isRemote: Bool
  /// Millionths of a US dollar for what is missing; `nil` where no price is known.
  package var micros: Int?
  /// What stands in the way of asking, such as a key that is missing.
  package var missing: ParallaxError?
  package var notes: [String]
  package var warnings: [String]
}

extension Workbench {
  /// What reranking an answer would ask for; a remote reranker needs no key.
  ///
  /// - Throws: as ``reranked(_:_:budget:_:)``, for what is asked.
  @concurrent package func forecast(
    reranking answer: Answer, _ request: RerankRequest, budget: Int?
  ) async throws -> RerankForecast {
    try await forecast(RerankLists(of: answer, asking: request.terms), request, budget: budget)
  }

  /// What reranking a run would ask for.
  @concurrent package func forecast(
    reranking run: SystemRun, _ request: RerankRequest, budget: Int?
  ) async throws -> RerankForecast {
    try await forecast(RerankLists(of: run), request, budget: budget)
  }

  private func forecast(
    _ lists: RerankLists, _ request: RerankRequest, budget: Int?
  ) async throws -> RerankForecast {
    let pairs = lists.heads(request.depth).reduce(0) { $0 + $1.count }
    switch try RerankSystem(
      request.model, instruction: request.instruction, seed: request.seed)
    {
    case .method:
      return RerankForecast(
        name: request.model.text, spec: nil, questions: lists.lists.count, pairs: pairs, known: 0,
        unreadable: 0, isRemote: false, micros: 0, missing: nil, notes: [], warnings: [])
    case .model(let provider, let asked):
      let reranking = Reranking(
        bench: self, lists: lists, request: request, budget: budget, handler: { _ in })
      let made = try await reranking.asked(asked, of: provider, isForEstimate: true)
      let (scoring, reranker) = (made.scoring, made.scoring.reranker)
      let readable = scoring.heads.joined().count { (try? scoring.candidates[$0].get()) != nil }
      let paid = reranker as? PaidReranker
      let unanswered = try scoring.unanswered()
      return RerankForecast(
        name: request.model.text, spec: reranker.spec, questions: lists.lists.count, pairs: pairs,
        known: readable - unanswered.count, unreadable: pairs - readable, isRemote: paid != nil,
        micros: paid == nil ? 0 : Charge.micros(unanswered), missing: paid?.missing,
        notes: reranker.notes, warnings: made.warnings + (try await scoring.cut()))
    }
  }
}

extension RerankScoring {
  /// The prices of the pairs that no kept score answers.
  ///
  /// - Throws: `storage`; `CancellationError`.
  func unanswered() throws -> [Double?] {
    try heads.enumerated().flatMap { place, head -> [Double?] in
      try Task.checkCancellation()
      let inputs = head.compactMap { try? candidates[$0].get() }
      if let paid = reranker as? PaidReranker {
        return try paid.unanswered(inputs, for: questions[place])
      }
      return try (reranker as? KeptReranker)?.unanswered(inputs, for: questions[place]) ?? []
    }
  }
}
