internal import ParallaxCore
internal import ParallaxProviders
package import ParallaxStorage

extension Workbench {
  /// What ``embed(_:of:budget:_:)`` would do, without spending anything; a remote model needs no key.
  ///
  /// - Throws: as that, for what is asked.
  @concurrent package func forecast(
    _ request: EmbedRequest, of collection: ItemCollection, budget: Int?
  ) async throws -> Forecast {
    let (existing, embedder) = try await prepared(request, collection, budget, isForEstimate: true)
    let plan = try await EmbeddingJob.plan(
      collection: collection, space: existing, embedder: embedder, in: workspace,
      wanted: request.items, shard: request.shard)
    let provider = try ProviderRegistry.provider(withID: embedder.spec.provider)
    return Forecast(
      reference: "\(collection.name)@\(request.name)", spec: embedder.spec, items: plan.itemCount,
      before: plan.embeddedCount, toEmbed: plan.toEmbed, reusable: plan.reusable,
      empty: plan.emptyCount, elsewhere: plan.elsewhereCount,
      cut: try await EmbeddingJob.cut(plan.pending, embedder),
      remote: provider.isRemote
        ? try await remote(plan, embedder, provider, share: try priceShare(request, embedder))
        : nil,
      missing: (embedder as? PaidEmbedder)?.missing, notes: embedder.notes,
      warnings: embedder.warnings)
  }

  private func remote(
    _ plan: EmbeddingJob.Plan, _ embedder: any Embedder, _ provider: any Provider.Type,
    share: Double
  ) async throws -> Forecast.Remote {
    let capabilities = embedder.capabilities
    let (tokens, isExact) = try await tokens(plan, embedder)
    return Forecast.Remote(
      requests: (plan.toEmbed + capabilities.preferredBatch - 1) / capabilities.preferredBatch,
      tokens: tokens, isExact: isExact,
      milliseconds: capabilities.itemsPerMinute.map { Double(plan.toEmbed) / $0 * 60_000 },
      cost: models.providers.prices.price(of: embedder.spec.model, provider: provider)
        .map { cost(plan, embedder, $0, share: share) })
  }

  /// The share of the usual price that is paid.
  ///
  /// - Throws: `unsupported` naming `batch`.
  private func priceShare(_ request: EmbedRequest, _ embedder: any Embedder) throws -> Double {
    guard request.asksInJobs else { return 1 }
    guard let batches = (embedder as? PaidEmbedder)?.inner.batches else {
      throw ParallaxError.noJobs(embedder.spec.model)
    }
    return batches.priceShare
  }

  /// Texts are counted by the provider where that is free; images have a flat number.
  private func tokens(
    _ plan: EmbeddingJob.Plan, _ embedder: any Embedder
  ) async throws -> (count: Int, isExact: Bool) {
    let content = embedder.spec.content
    let texts = content == .image ? [] : plan.pending.compactMap(\.items[0].text)
    // A count is a courtesy: without it there is an estimate.
    let counted = texts.isEmpty ? 0 : try? await embedder.countTokens(of: texts)
    let inTexts = counted ?? texts.reduce(0) { $0 + TokenEstimate.tokens(in: $1) }
    let inImages =
      content == .text ? 0 : plan.pending.count * (embedder.capabilities.tokensPerImage ?? 0)
    let isExact = content == .text && counted != nil && plan.reusable == 0
    return (Int((Double(inTexts + inImages) * plan.share).rounded()), isExact)
  }

  private func cost(
    _ plan: EmbeddingJob.Plan, _ embedder: any Embedder, _ price: ModelPrice, share: Double
  ) -> Forecast.Cost {
    let prices = plan.pending.map {
      price.micros(of: $0.items[0].input(for: embedder.spec.content))
    }
    let micros = Charge.micros(prices) ?? 0
    return Forecast.Cost(
      micros: Int((Double(micros) * plan.share * share).rounded()), date: price.date)
  }
}

extension EmbeddingJob.Plan {
  fileprivate var toEmbed: Int { pending.count - reusable }

  /// The part of what is pending that no vector is known of.
  fileprivate var share: Double {
    pending.isEmpty ? 0 : Double(toEmbed) / Double(pending.count)
  }
}
