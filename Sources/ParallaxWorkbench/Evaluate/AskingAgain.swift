internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage

/// What asking a model again costs.
package struct RepeatedCost: Sendable, Hashable {
  /// Inputs that are asked for; one that is asked twice counts twice.
  package var inputs: Int
  /// Sent to a service for them, about; 0 for a local model.
  package var requests = 0
  /// In millionths of a US dollar, about; `nil` where no price is known, 0 for a local model.
  package var micros: Int?

  static func + (left: RepeatedCost, right: RepeatedCost) -> RepeatedCost {
    RepeatedCost(
      inputs: left.inputs + right.inputs, requests: left.requests + right.requests,
      micros: left.micros.flatMap { one in right.micros.map { one + $0 } })
  }
}

/// Asks the model of a space for what it may have answered before: kept replies are passed over, and
/// what comes is charged and kept apart from them.
struct AskingAgain {
  let bench: Workbench
  let space: Space
  let embedder: any Embedder
  let budget: Int?

  /// - Parameter isForEstimate: whether nothing will be asked for: then a remote model needs no key.
  /// - Throws: `offline`; `unsupported` for mapped vectors; as ``Models/embedder(for:budget:isForEstimate:asksAgain:)``.
  init(
    _ space: Space, _ bench: Workbench, budget: Int?, isForEstimate: Bool = false
  ) async throws {
    try space.checkHoldsAnswers()
    self.bench = bench
    self.space = space
    self.budget = budget
    embedder = try await bench.models.embedder(
      for: space, budget: budget, isForEstimate: isForEstimate, asksAgain: true)
    guard !isForEstimate, bench.models.providers.isOffline, embedder is PaidEmbedder else { return }
    throw ParallaxError(
      .offline, "offline: '\(space.spec.model)' cannot be asked again",
      hint: "leave --offline out to ask the provider")
  }

  func cost(of inputs: [ModelInput]) -> RepeatedCost {
    guard let paid = embedder as? PaidEmbedder else {
      return RepeatedCost(inputs: inputs.count, micros: 0)
    }
    let size = embedder.capabilities.preferredBatch
    return RepeatedCost(
      inputs: inputs.count, requests: (inputs.count + size - 1) / size,
      micros: Charge.micros(inputs.map { paid.price?.micros(of: $0) }))
  }

  /// Makes sure that all of it fits the budget.
  ///
  /// - Throws: `budget`: then nothing was asked for.
  func check(_ cost: RepeatedCost) throws {
    try Self.check(cost, of: space.spec.provider, bench, budget: budget)
  }

  /// Makes sure that what several models are asked for fits the budget.
  ///
  /// - Parameter what: costs so much, as the error calls it.
  static func check(
    _ cost: RepeatedCost, _ what: String = "asking again", of provider: String,
    _ bench: Workbench, budget: Int?
  ) throws {
    guard let budget, let micros = cost.micros, micros > 0 else { return }
    let spent = try bench.ledger.spending(provider: provider).micros
    guard spent + micros > budget else { return }
    throw ParallaxError(
      .budget,
      "\(what) would cost about \(Wording.dollars(micros)), and \(Wording.dollars(spent)) of "
        + "the budget of \(Wording.dollars(budget)) is spent or under way: nothing was asked for",
      hint: "'set budget' raises it; --dry-run shows what would be asked for")
  }

  /// One outcome an input, in order.
  ///
  /// - Throws: what stops all of them; `cancelled`.
  func vectors(
    of inputs: [ModelInput], side: EmbeddingSide, _ handler: @escaping EventHandler
  ) async throws -> [Result<[Float], ParallaxError>] {
    let size = embedder.capabilities.preferredBatch
    var outcomes: [Result<[Float], ParallaxError>] = []
    for start in stride(from: 0, to: inputs.count, by: size) {
      try Task.checkCancellation()
      handler(
        .progress(Progress("asking", completed: start, total: inputs.count, unit: "probes")))
      let part = Array(inputs[start..<min(start + size, inputs.count)])
      let answers = try await embedder.embed(part, side: side)
      guard answers.count == part.count else {
        throw ParallaxError(
          .provider,
          "provider '\(space.spec.provider)' answered \(answers.count) vectors for \(part.count)")
      }
      outcomes += answers
    }
    return outcomes
  }
}
