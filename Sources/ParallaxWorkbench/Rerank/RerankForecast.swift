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
  /// Sent to a service for what is missing: so many, if none is refused.
  package var requests = 0
  /// What the service reads for that, pictures among it, and writes at most.
  package var tokensRead = 0
  package var tokensWritten = 0
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
        name: request.model.text, questions: lists.lists.count, pairs: pairs, known: 0,
        unreadable: 0, isRemote: false, micros: 0, notes: [], warnings: [])
    case .model(let provider, let asked):
      let reranking = Reranking(
        bench: self, lists: lists, request: request, budget: budget, handler: { _ in })
      let made = try await reranking.asked(asked, of: provider, isForEstimate: true)
      let (scoring, reranker) = (made.scoring, made.scoring.reranker)
      let readable = scoring.heads.joined().count { (try? scoring.candidates[$0].get()) != nil }
      let paid = reranker as? PaidReranker
      let demand = try scoring.demand()
      return RerankForecast(
        name: request.model.text, spec: reranker.spec, questions: lists.lists.count, pairs: pairs,
        known: readable - demand.pairs, unreadable: pairs - readable, requests: demand.requests,
        tokensRead: demand.use.tokens + demand.use.imageTokens,
        tokensWritten: demand.use.answerTokens, isRemote: paid != nil,
        micros: paid == nil ? 0 : Charge.micros(demand.prices), missing: paid?.missing,
        notes: reranker.notes, warnings: made.warnings + (try await scoring.cut()))
    }
  }
}

/// What no kept score answers.
struct RerankDemand {
  var pairs = 0
  var requests = 0
  var use = RerankUse()
  /// Of each pair, in millionths of a US dollar; `nil` where no price is known.
  var prices: [Double?] = []

  static func + (one: RerankDemand, other: RerankDemand) -> RerankDemand {
    RerankDemand(
      pairs: one.pairs + other.pairs, requests: one.requests + other.requests,
      use: one.use + other.use, prices: one.prices + other.prices)
  }
}

extension RerankScoring {
  /// What has to be asked for.
  ///
  /// - Throws: `storage`; `CancellationError`.
  func demand() throws -> RerankDemand {
    try heads.enumerated().reduce(into: RerankDemand()) { demand, list in
      try Task.checkCancellation()
      let inputs = list.element.compactMap { try? candidates[$0].get() }
      guard let keeping = reranker as? any ScoreKeeping else { return }
      demand = demand + (try keeping.demand(of: inputs, for: questions[list.offset]))
    }
  }
}
