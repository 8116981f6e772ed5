package import ParallaxCore
internal import ParallaxProviders

/// What a reranker says of one of the hits that it looked at.
package struct PairDetails: Sendable {
  /// From 1, in the list as it is now.
  package var rank: Int
  package var id: ItemID
  /// In the order in which they are shown.
  package var details: [(name: String, value: String)]
}

extension Workbench {
  /// What made the scores of an answer that was reranked, beyond the scores themselves.
  ///
  /// - Parameter ranks: `nil` for every hit that was looked at.
  /// - Returns: `nil` where the last reranker says no more than a score.
  /// - Throws: what opening the reranker throws; what is wrong with a file.
  @concurrent package func pairDetails(
    of answer: Answer, ranks: Set<Int>?, _ handler: @escaping EventHandler
  ) async throws -> [PairDetails]? {
    guard let record = answer.rerankings.last, Self.explainsPairs(record) else { return nil }
    let places = answer.hits.indices.filter { place in
      answer.hits[place].stage?.secondScore != nil
        && ranks?.contains(answer.hits[place].rank) != false
    }
    let found = try await details(
      of: try RerankLists(of: answer, asking: record.terms), at: places, by: record, handler)
    return zip(places, found).map { place, details in
      PairDetails(rank: answer.hits[place].rank, id: answer.hits[place].id, details: details)
    }
  }

  /// The same of the list of one question of a run.
  @concurrent package func pairDetails(
    of run: SystemRun, question: String, _ handler: @escaping EventHandler
  ) async throws -> [PairDetails]? {
    guard let record = run.rerankings.last, Self.explainsPairs(record),
      let list = run.lists.first(where: { $0.question == question })
    else { return nil }
    var one = run
    one = one.reordered([list])
    let places = list.hits.indices.filter { list.hits[$0].stage?.secondScore != nil }
    let found = try await details(of: RerankLists(of: one), at: places, by: record, handler)
    return zip(places, found).map { place, details in
      PairDetails(rank: list.hits[place].rank, id: list.hits[place].id, details: details)
    }
  }

  private static func explainsPairs(_ record: RerankRecord) -> Bool {
    guard case .model(let provider, _) = try? RerankSystem(RerankModel(record.name)) else {
      return false
    }
    return provider.explainsPairs
  }

  /// - Parameter places: in the one list there is.
  private func details(
    of lists: RerankLists, at places: [Int], by record: RerankRecord,
    _ handler: @escaping EventHandler
  ) async throws -> [[(name: String, value: String)]] {
    var request = RerankRequest(model: RerankModel(record.name))
    request.depth = (places.last ?? 0) + 1
    request.terms = record.terms
    guard case .model(let provider, let asked) = try RerankSystem(request.model) else { return [] }
    let scoring = try await Reranking(
      bench: self, lists: lists, request: request, budget: nil, handler: handler
    ).asked(asked, of: provider).scoring
    guard let kept = scoring.reranker as? KeptReranker, let reranker = kept.explaining else {
      throw ParallaxError(.internalError, "'\(record.name)' explains no pairs")
    }
    var found: [[(name: String, value: String)]] = []
    for place in places {
      try Task.checkCancellation()
      let candidate = try scoring.candidates[scoring.heads[0][place]].get()
      found.append(try await reranker.explanation(of: candidate, for: scoring.questions[0]))
    }
    return found
  }
}
