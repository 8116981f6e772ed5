package import ParallaxCore
package import ParallaxProviders
package import ParallaxStorage
private import ParallaxSystem

/// The models that are open. Replies of remote ones are kept and charged.
package final class Models: Sendable {
  package let providers: ProviderEnvironment
  private let pictures: KeptPictures
  package let ledger: Ledger
  package let replies: ReplyCache
  /// How replies of two dimensions for one input compared.
  private let prefixes = PrefixAudit()
  private let embedders = OpenModels<EmbedderRequest, any Embedder>()
  let rerankers = OpenModels<RerankerRequest, any Reranker>()

  package init(
    providers: ProviderEnvironment, ledger: Ledger, replies: ReplyCache, workspace: Workspace
  ) {
    pictures = KeptPictures(workspace, replies)
    var providers = providers
    providers.pictures = pictures
    self.providers = providers
    self.ledger = ledger
    self.replies = replies
  }

  /// Opens a model, unless it is open already.
  ///
  /// - Parameters:
  ///   - subject: what charges are written under, such as `photos@base`.
  ///   - budget: millionths of a US dollar for the whole workspace; `nil` for no limit.
  ///   - isForEstimate: whether nothing will be embedded: then a remote one needs no key.
  ///   - asksAgain: whether a remote one is asked whatever it answered before; what it answers then is
  ///     kept and charged, and changes nothing that was kept.
  /// - Throws: `unknown-model`, `missing-component`, `missing-key`, `unsupported`.
  package func embedder(
    for request: EmbedderRequest, provider id: String? = nil, subject: String, budget: Int?,
    isForEstimate: Bool = false, asksAgain: Bool = false
  ) async throws -> any Embedder {
    let provider =
      try id.map(ProviderRegistry.provider(withID:))
      ?? ProviderRegistry.provider(ofModel: request.model)
    let request = provider.resolved(request, in: providers)
    let (made, missing) = try await embedders.model(
      for: request, of: provider, in: providers, isForEstimate: isForEstimate
    ) { try await provider.makeEmbedder(request, in: $0) }
    guard let remote = made as? any MeteredEmbedder else { return made }
    return PaidEmbedder(
      inner: remote, ledger: ledger, replies: replies,
      price: providers.prices.price(of: request.model, provider: provider),
      limits: SpendingLimits(
        isOffline: providers.isOffline || missing != nil, budget: budget,
        itemsPerDay: try providers.limit("ITEMS_PER_DAY", of: provider.id).map { Int($0) }),
      subject: subject, prefixes: prefixes, missing: missing,
      occasion: asksAgain ? Self.occasion() : nil)
  }

  /// The embedder whose vectors may be compared with those of `space`: of a space that was mapped, the
  /// one that asks it.
  ///
  /// - Throws: `model-changed` when the model's files are no longer those that made the space; as
  ///   ``embedder(for:provider:subject:budget:isForEstimate:)``.
  package func embedder(
    for space: Space, budget: Int?, isForEstimate: Bool = false, asksAgain: Bool = false
  ) async throws -> any Embedder {
    let spec = space.spec.unmapped
    let made = try await embedder(
      for: EmbedderRequest(spec), provider: spec.provider, subject: space.reference,
      budget: budget, isForEstimate: isForEstimate, asksAgain: asksAgain)
    guard made.spec == spec else {
      let changes = spec.differences(from: made.spec)
        .map { "\($0.name) was '\($0.own)', is '\($0.other)'" }
      throw ParallaxError(
        .modelChanged,
        "the model of '\(space.reference)' has changed: \(changes.joined(separator: "; "))",
        hint: "spaces never mix: 'reembed \(space.reference) --as NAME' makes one beside it")
    }
    return made
  }

  /// A name that nothing was asked under before.
  private static func occasion() -> String {
    "again \(Clock.now()) \(UInt64.random(in: 0...UInt64.max))"
  }

  /// Findings about remote replies since the last call.
  package func drainFindings() -> (notes: [String], warnings: [String]) {
    let (notes, warnings) = prefixes.drain()
    return (
      notes + ledger.drainNotes() + pictures.drainNotes(), warnings + replies.drainWarnings()
    )
  }
}
