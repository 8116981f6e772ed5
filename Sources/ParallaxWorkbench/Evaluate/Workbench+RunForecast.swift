package import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
package import ParallaxStorage

/// What a run would ask a model for, found out without spending anything.
package struct RunForecast: Sendable {
  /// The space that is asked: `photos@base`.
  package var reference: String
  package var spec: EmbeddingSpec
  package var questions: Int
  /// Different texts, images, and pairs of both that the questions ask by.
  package var texts: Int
  package var images: Int
  package var pairs: Int
  /// Those of them that have a kept reply.
  package var known: Int
  /// `nil` for a local model.
  package var remote: Forecast.Remote?
  /// What stands in the way of embedding, such as a key that is missing.
  package var missing: ParallaxError?
  /// What there is to know of the model.
  package var notes: [String]
  package var warnings: [String]
}

extension Workbench {
  /// What ``run(_:_:in:name:spares:budget:_:)`` would ask for; a remote model needs no key.
  ///
  /// - Throws: as that, for what is asked.
  @concurrent package func forecast(
    _ questions: QuestionSet, _ template: Query, in spaces: [Space], budget: Int?
  ) async throws -> RunForecast {
    let (space, _) = try checked(questions, template, spaces)
    return try await forecast(
      questions, of: [SystemVariant(label: "", query: template)], in: space, budget: budget)
  }

  /// What ``runs(_:of:in:name:spares:budget:_:_:)`` would ask for, all systems together. Systems whose
  /// questions have the same vectors count once; probes are among the questions.
  ///
  /// - Throws: as that, for what is asked.
  @concurrent package func forecast(
    _ questions: QuestionSet, of systems: [SystemVariant], in space: Space, budget: Int?
  ) async throws -> RunForecast {
    _ = try contents(ofItemsAskedBy: questions, in: space.collection)
    let (concerned, _) = try concerned(questions, by: systems) { _ in }
    let files = try await QuestionInputs.files(of: concerned.questions, limit: imageLimit)
    let embeddings = try await embeddings(
      of: systems, concerned, files, in: space, budget: budget, isForEstimate: true)
    let all = embeddings.flatMap { $0.parts.flatMap(\.group.inputs) }
    let demands = try embeddings.flatMap { try $0.demands() }
    let embedders = demands.map(\.embedder)
    let unread = files.values.compactMap { outcome in
      if case .failure(let error) = outcome { error.message } else { nil }
    }
    return RunForecast(
      reference: space.reference, spec: space.spec, questions: concerned.questions.count,
      texts: all.count { !$0.holdsImage },
      images: all.count { $0.holdsImage && $0.parts.count == 1 },
      pairs: all.count { $0.holdsImage && $0.parts.count > 1 },
      known: all.count - demands.reduce(0) { $0 + $1.inputs.count },
      remote: try remote(demands, of: space),
      missing: embedders.lazy.compactMap { ($0 as? PaidEmbedder)?.missing }.first,
      notes: embedders.first?.notes ?? [],
      warnings: unread.sorted() + (try await embeddings.first?.cut() ?? [])
        + (embedders.first?.warnings ?? []))
  }

  private func remote(
    _ demands: [QuestionEmbedding.Demand], of space: Space
  ) throws -> Forecast.Remote? {
    let provider = try ProviderRegistry.provider(withID: space.spec.provider)
    guard provider.isRemote, let capabilities = demands.first?.embedder.capabilities else {
      return nil
    }
    let inputs = demands.flatMap(\.inputs)
    let tokens = inputs.flatMap(\.parts).reduce(0) { sum, part in
      switch part {
      case .text(let text): sum + TokenEstimate.tokens(in: text)
      case .image: sum + (capabilities.tokensPerImage ?? 0)
      }
    }
    let price = models.providers.prices.price(of: space.spec.model, provider: provider)
    let size = capabilities.preferredBatch
    return Forecast.Remote(
      requests: demands.reduce(0) { $0 + ($1.inputs.count + size - 1) / size }, tokens: tokens,
      isExact: false,
      milliseconds: capabilities.itemsPerMinute.map { Double(inputs.count) / $0 * 60_000 },
      cost: price.map { price in
        Forecast.Cost(
          micros: demands.compactMap(\.micros).reduce(0, +), date: price.date)
      })
  }
}
