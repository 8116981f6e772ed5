internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxStorage
private import ParallaxSystem

/// What a sample tells of embedding a whole collection again.
package struct ReembedEstimate: Sendable {
  /// What became of the sample in the new space.
  package var outcome: EmbedOutcome
  /// Milliseconds that it took to embed.
  package var embedding: Double
  /// `nil` where too few items have a vector in both spaces.
  package var change: NeighbourChange?
  /// The new space compared with the old one by the questions, within the sample; `nil` where nothing is
  /// judged.
  package var evaluation: Evaluation?
  /// The questions and judgements that were read.
  package var inputs: [Provenance.Name]
  /// What the rest takes.
  package var rest: Forecast
  /// Milliseconds that the rest takes at the speed of the sample; `nil` where all of that was known.
  package var time: Double?
}

/// What a sample takes, found out without spending anything.
package struct SampleForecast: Sendable {
  package var items: Forecast
  /// What the questions take in the old space and in the new one; none where nothing is asked.
  package var questions: [RunForecast]
}

extension Workbench {
  /// What ``estimate(_:by:budget:_:)`` would do, without spending anything.
  @concurrent package func forecast(
    _ reembedding: Reembedding, by sample: ReembedSample, budget: Int?,
    _ handler: @escaping EventHandler
  ) async throws -> SampleForecast {
    let old = reembedding.old
    let drawn = try await draw(sample, from: old, handler)
    var part = reembedding.request
    part.items = drawn.items
    let items = try await forecast(part, of: old.collection, budget: budget)
    var questions: [RunForecast] = []
    if let set = drawn.questions?.set {
      let new = Space.planned(part.name, in: old.collection, spec: items.spec)
      for space in [old, new] {
        questions.append(
          try await forecast(set, sample.template, in: [space], budget: budget))
      }
    }
    return SampleForecast(items: items, questions: questions)
  }

  /// Embeds a sample into the new space, where it stays, and compares it with the old one.
  ///
  /// - Throws: as ``embed(_:of:budget:_:)``, and with questions as
  ///   ``run(_:_:in:name:among:spares:budget:_:)``.
  @concurrent package func estimate(
    _ reembedding: Reembedding, by sample: ReembedSample, budget: Int?,
    _ handler: @escaping EventHandler
  ) async throws -> ReembedEstimate {
    let old = reembedding.old
    let drawn = try await draw(sample, from: old, handler)
    var part = reembedding.request
    part.items = drawn.items
    let started = ContinuousClock.now
    let outcome = try await embed(part, of: old.collection, budget: budget, handler)
    let spent = Clock.milliseconds(since: started)
    let new = outcome.space
    let spaces = [
      try await self.spaces.loading(old, progress: { handler(.progress($0)) }).loaded,
      try await self.spaces.loading(new, progress: { handler(.progress($0)) }).loaded,
    ]
    let common = spaces[0].items.filter {
      drawn.items.contains($0) && spaces[1].row(of: $0) != nil
    }
    let matrices = spaces.map { $0.matrix(of: common) }
    let change = try await NeighbourChange(
      from: matrices[0], to: matrices[1], seed: sample.seed
    ) { handler(.progress($0)) }
    let ids = Set(common.compactMap { spaces[0].row(of: $0) }.map { spaces[0].ids[$0] })
    let evaluation = try await evaluation(
      of: [old, new], among: (Set(common), ids), drawn, sample, budget: budget, handler)
    var whole = reembedding.request
    whole.resumes = false
    let rest = try await forecast(whole, of: old.collection, budget: budget)
    return ReembedEstimate(
      outcome: outcome, embedding: spent, change: change, evaluation: evaluation,
      inputs: drawn.questions.map { $0.set.inputs + $0.judgements.inputs } ?? [], rest: rest,
      time: outcome.embedded == 0
        ? nil : spent / Double(outcome.embedded) * Double(rest.toEmbed))
  }

  private func evaluation(
    of spaces: [Space], among items: (keys: Set<ItemRecord.RowID>, ids: Set<ItemID>),
    _ drawn: DrawnSample, _ sample: ReembedSample, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> Evaluation? {
    guard let questions = sample.questions, let (set, judged) = drawn.questions else { return nil }
    var systems: [SystemRun] = []
    for space in spaces {
      systems.append(
        try await run(
          set, sample.template, in: [space], name: space.reference, among: items.keys,
          spares: true, budget: budget, handler))
    }
    var request = EvaluationRequest(
      systems, judged.judgements.keeping(items.ids, of: set), measures: questions.measures,
      seed: sample.seed)
    request.relevanceLevel = questions.relevanceLevel
    request.dropsEmpty = true
    request.clusterBy = questions.clusterBy
    request.comparison = .init()
    return try await evaluate(request, handler)
  }
}

extension ReembedSample {
  /// Answers to a question, or as many as the metric looks at.
  private static let depth = 100

  fileprivate var template: Query {
    var template = Query(terms: [])
    template.top = max(Self.depth, questions?.measures.compactMap(\.cutoff).max() ?? 0)
    template.method = .exact
    return template
  }
}

extension LoadedSpace {
  /// The vectors of some items that have one here, in their order.
  fileprivate func matrix(of items: [ItemRecord.RowID]) -> VectorMatrix {
    let rows = items.compactMap { row(of: $0) }
    return VectorMatrix(rowCount: rows.count, dimension: matrix.dimension) { values in
      for (place, row) in rows.enumerated() {
        let start = place * matrix.dimension
        _ = values[start..<(start + matrix.dimension)].update(fromContentsOf: matrix.row(row))
      }
    }
  }
}
