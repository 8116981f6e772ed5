internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage

extension QuestionEmbedding {
  /// What a model would be asked for.
  struct Demand {
    var embedder: any Embedder
    /// Those without a kept reply, for a model that costs something; else all.
    var inputs: [ModelInput]
    /// Millionths of a US dollar; `nil` where no price is known.
    var micros: Int?
  }

  /// What each model would be asked for, without asking.
  ///
  /// - Throws: `storage`; `CancellationError`.
  func demands() throws -> [Demand] {
    try parts.map { group, embedder in
      guard let paid = embedder as? PaidEmbedder else {
        return Demand(embedder: embedder, inputs: group.inputs, micros: 0)
      }
      let inputs = try paid.unanswered(group.inputs, side: .query)
      return Demand(
        embedder: embedder, inputs: inputs,
        micros: Charge.micros(inputs.map { paid.price?.micros(of: $0) }))
    }
  }

  /// Makes sure that all of it fits the budget.
  ///
  /// - Returns: what it will cost, in millionths of a US dollar; `nil` where no price is known.
  /// - Throws: `budget`: then nothing was asked for.
  func checkedCost() throws -> Int? {
    let demands = try demands()
    let costs = demands.map(\.micros)
    let total = costs.compactMap(\.self).reduce(0, +)
    for demand in demands where (demand.micros ?? 0) > 0 {
      let spent = try bench.ledger.spending(provider: demand.embedder.spec.provider).micros
      guard let budget, spent + total > budget else { continue }
      throw ParallaxError(
        .budget,
        "the questions would cost about \(Wording.dollars(total)), and \(Wording.dollars(spent)) of "
          + "the budget of \(Wording.dollars(budget)) is spent or under way: nothing was asked for",
        hint: "'set budget' raises it; --dry-run shows what would be asked for")
    }
    return costs.contains(nil) ? nil : total
  }
}
