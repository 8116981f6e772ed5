internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

/// What `embed --dry-run` says before anything is spent.
@MainActor
struct EmbeddingForecast {
  let plan: EmbeddingJob.Plan
  let embedder: any Embedder
  let session: Session
  let reference: String

  func output(_ arguments: Arguments) async throws -> CommandOutput {
    var facts: [(String, String)] = [("space", reference)]
    facts += embedder.spec.fields.map { ($0.name, $0.value) }
    facts += [
      ("items", String(plan.itemCount)), ("embedded already", String(plan.embeddedCount)),
      ("different contents to embed", String(toEmbed)),
      ("vectors known from elsewhere", String(plan.reusable)),
    ]
    if plan.emptyCount > 0 { facts.append(("items without a text", String(plan.emptyCount))) }
    for (limit, count) in try await EmbeddingJob.cut(plan.pending, embedder).sorted(by: {
      $0.key.tokens < $1.key.tokens
    }) {
      facts.append(("texts to be cut after \(limit.tokens) tokens", String(count)))
    }
    facts += try await (isRemote ? remoteFacts() : [("cost", "0.00 (local model)")])
    return CommandOutput(
      .table(
        Table(
          columns: [.init("what", .text, isKey: true), .init("value", .text)],
          rows: facts.map { [.text($0.0), .text($0.1)] })),
      provenance: Provenance(command: arguments.canonical), notes: notes)
  }

  private var notes: [String] {
    guard let missing = (embedder as? PaidEmbedder)?.missing else {
      return ["nothing was embedded"]
    }
    return ["nothing was embedded; to embed, \(missing.message)"]
  }

  private var provider: (any Provider.Type)? {
    try? ProviderRegistry.provider(withID: embedder.spec.provider)
  }

  private var isRemote: Bool { provider?.isRemote ?? false }

  private var toEmbed: Int { plan.pending.count - plan.reusable }

  /// The part of what is pending that no vector is known of.
  private var share: Double {
    plan.pending.isEmpty ? 0 : Double(toEmbed) / Double(plan.pending.count)
  }

  private func remoteFacts() async throws -> [(String, String)] {
    let capabilities = embedder.capabilities
    let requests = (toEmbed + capabilities.preferredBatch - 1) / capabilities.preferredBatch
    let (tokens, isExact) = try await tokenCount()
    let time = capabilities.itemsPerMinute.map {
      Wording.milliseconds(Double(toEmbed) / $0 * 60_000)
    }
    return [
      ("requests, about", String(requests)),
      (isExact ? "tokens" : "tokens, about", String(tokens)),
      ("time at the set limit, at least", time ?? "no limit is set"), ("cost", cost),
    ]
  }

  /// Texts are counted by the provider where that is free; pictures have a flat number.
  private func tokenCount() async throws -> (count: Int, isExact: Bool) {
    let content = embedder.spec.content
    let texts = content == .image ? [] : plan.pending.compactMap(\.items[0].text)
    // A count is a courtesy: without it there is an estimate.
    let counted = texts.isEmpty ? 0 : try? await embedder.countTokens(of: texts)
    let inTexts = counted ?? texts.reduce(0) { $0 + TokenEstimate.tokens(in: $1) }
    let inImages =
      content == .text ? 0 : plan.pending.count * (embedder.capabilities.tokensPerImage ?? 0)
    let isExact = content == .text && counted != nil && plan.reusable == 0
    return (Int((Double(inTexts + inImages) * share).rounded()), isExact)
  }

  private var cost: String {
    guard let provider,
      let price = session.providers.prices.price(of: embedder.spec.model, provider: provider)
    else { return "not known" }
    let prices = plan.pending.map {
      price.micros(of: $0.items[0].input(for: embedder.spec.content))
    }
    let micros = Int((Double(Charge.micros(prices) ?? 0) * share).rounded())
    return "\(Wording.dollars(micros)) at the price of \(price.date), less what is cached"
  }
}
