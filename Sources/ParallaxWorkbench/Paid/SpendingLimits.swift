internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage

/// What a person allows to be spent.
package struct SpendingLimits: Sendable, Hashable {
  package var isOffline = false
  /// Millionths of a US dollar for the whole workspace; `nil` for no limit.
  package var budget: Int?
  /// Of one provider, in any 24 hours; `nil` for no limit.
  package var itemsPerDay: Int?

  package init(isOffline: Bool = false, budget: Int? = nil, itemsPerDay: Int? = nil) {
    self.isOffline = isOffline
    self.budget = budget
    self.itemsPerDay = itemsPerDay
  }

  /// - Throws: `budget` or `quota` when a charge does not fit beside what is spent or under way.
  func check(_ charge: Charge, after spent: Spending) throws {
    if let limit = itemsPerDay, spent.items + charge.items > limit {
      throw ParallaxError(
        .quota,
        "the limit of \(limit) items a day is reached: '\(charge.provider)' was asked for "
          + "\(spent.items) in the last 24 hours, the next request asks for \(charge.items)",
        hint: spent.oldest.map {
          "the first of them was at \($0); a day after that, the same command continues (embed: with --resume)"
        })
    }
    let next = charge.micros ?? 0
    if let budget, spent.micros + next > budget {
      throw ParallaxError(
        .budget,
        "the budget of \(Wording.dollars(budget)) is reached: \(Wording.dollars(spent.micros)) is "
          + "spent or under way, the next request costs about \(Wording.dollars(next))",
        hint: "'set budget' raises it; 'cost' shows what was spent")
    }
  }
}
