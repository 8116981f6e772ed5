internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage

/// Rerankings of one run that are compared with each other.
package struct RerankComparison: Sendable, Hashable {
  /// At least two; `nil` stands for the lists as they are. The first is the baseline.
  package var models: [RerankModel?]
  /// What they have in common; its model does not count.
  package var request: RerankRequest

  package init(_ models: [RerankModel?], _ request: RerankRequest) {
    self.models = models
    self.request = request
  }

  /// How tables call the lists as they are.
  package static let none = "none"

  fileprivate func asking(_ model: RerankModel) -> RerankRequest {
    var own = request
    own.model = model
    return own
  }
}

extension Workbench {
  /// The run as each of some rerankers orders it.
  ///
  /// - Throws: as ``reranked(_:_:budget:_:)-(SystemRun,_,_,_)``; an error about a model is about the
  ///   option `rerank`, with its place.
  @concurrent package func rerankings(
    of run: SystemRun, _ comparison: RerankComparison, budget: Int?,
    _ handler: @escaping EventHandler
  ) async throws -> [SystemRun] {
    var runs: [SystemRun] = []
    for (index, model) in comparison.models.enumerated() {
      guard let model else {
        var plain = run
        plain.name += " \(RerankComparison.none)"
        runs.append(plain)
        continue
      }
      do {
        var reranked = try await reranked(
          run, comparison.asking(model), budget: budget, handler)
        reranked.name += " \(model.text)"
        runs.append(reranked)
      } catch let error as ParallaxError { throw error.aboutReranker(index) }
    }
    return runs
  }

  /// What each of some rerankers would ask for.
  ///
  /// - Throws: as ``rerankings(of:_:budget:_:)``, for what is asked.
  @concurrent package func forecasts(
    reranking run: SystemRun, _ comparison: RerankComparison, budget: Int?
  ) async throws -> [RerankForecast] {
    var forecasts: [RerankForecast] = []
    for (index, model) in comparison.models.enumerated() {
      guard let model else {
        forecasts.append(
          RerankForecast(
            name: RerankComparison.none, questions: run.lists.count, pairs: 0, known: 0,
            unreadable: 0, isRemote: false, micros: 0, notes: [], warnings: []))
        continue
      }
      do {
        forecasts.append(
          try await forecast(reranking: run, comparison.asking(model), budget: budget))
      } catch let error as ParallaxError { throw error.aboutReranker(index) }
    }
    return forecasts
  }

  /// A reranked run as it would be had its reranker looked less deep, by the scores it has; `nil` where
  /// they depend on the list as a whole.
  ///
  /// - Parameters:
  ///   - original: the run before.
  ///   - depth: at most that of the reranking.
  ///   - budget: as of the whole pass.
  @concurrent package func shallower(
    _ run: SystemRun, of original: SystemRun, _ comparison: RerankComparison, depth: Int,
    budget: Int?
  ) async throws -> SystemRun? {
    guard let record = run.rerankings.last, run.rerankings.count > original.rerankings.count else {
      return original
    }
    if record.depth <= depth { return run }
    if record.spec.provider == RerankSystem.methods {
      var request = comparison.request
      request.model = RerankModel(record.name)
      request.depth = depth
      // Warnings and progress were shown by the whole pass.
      return try await reranked(original, request, budget: budget) { _ in }
    }
    return record.spec.scale == .rank ? nil : try run.shallower(of: original, depth: depth)
  }
}

extension ParallaxError {
  /// An error about a model is about its place among those that are compared.
  fileprivate func aboutReranker(_ index: Int) -> ParallaxError {
    guard parameter?.name == "model" else { return self }
    var error = self
    error.parameter = .init(name: "rerank", index: index)
    return error
  }
}

extension SystemRun {
  /// - Throws: `CancellationError`.
  fileprivate func shallower(of original: SystemRun, depth: Int) throws -> SystemRun {
    let blend = rerankings.last?.blend
    let lists = try zip(lists, original.lists).map { list, before in
      try Task.checkCancellation()
      // Ranks may have gaps, where hits were left out.
      let scores = Dictionary(
        list.hits.compactMap { hit in hit.stage.map { ($0.firstRank, $0.secondScore) } },
        uniquingKeysWith: { first, _ in first })
      let second = before.hits.prefix(depth).map { hit in
        (scores[hit.rank] ?? nil).map { Float($0) }
      }
      let order = RerankOrder.order(
        first: before.hits.map(\.shownScore), second: second, blend: blend)
      return List(
        question: list.question,
        hits: order.enumerated().map { rank, placed in
          var hit = before.hits[placed.place]
          hit.stage = RerankStage(
            firstRank: hit.rank, firstScore: hit.shownScore,
            secondScore: placed.place < second.count ? second[placed.place]?.shown : nil)
          if let score = placed.score { hit.score = score.shown }
          hit.rank = rank + 1
          return hit
        })
    }
    return reordered(lists)
  }
}
