internal import ParallaxCore
internal import ParallaxProviders

extension Models {
  /// Opens a reranker, unless it is open already. Its scores are kept; those of a remote one are charged.
  ///
  /// - Parameters:
  ///   - subject: what charges are written under, such as `photos@base`.
  ///   - budget: millionths of a US dollar for the whole workspace; `nil` for no limit.
  ///   - isForEstimate: whether nothing will be asked: then a remote one needs no key.
  /// - Throws: `missing-component`, `missing-key`, `unsupported`, `invalid-model`.
  func reranker(
    for request: RerankerRequest, _ provider: any Provider.Type, subject: String, budget: Int?,
    isForEstimate: Bool = false
  ) async throws -> any Reranker {
    let (made, missing) = try await rerankers.model(
      for: request, of: provider, in: providers, isForEstimate: isForEstimate
    ) { try await provider.makeReranker(request, in: $0) }
    guard let remote = made as? any MeteredReranker else {
      return KeptReranker(inner: made, replies: replies)
    }
    return PaidReranker(
      inner: remote, ledger: ledger, replies: replies,
      // A judge is named apart from the model that judges.
      price: providers.prices.price(of: remote.spec.model, provider: provider),
      limits: SpendingLimits(
        isOffline: providers.isOffline || missing != nil, budget: budget,
        itemsPerDay: try providers.limit("ITEMS_PER_DAY", of: provider.id).map { Int($0) }),
      subject: subject, missing: missing)
  }
}
