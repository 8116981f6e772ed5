internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension CommandOutput {
  /// What embedding pictures would ask a model for.
  ///
  /// - Parameters:
  ///   - count: of the pictures, in words.
  ///   - missing: what prevents embedding them now.
  init(
    forecast cost: RepeatedCost, of space: Space, _ count: String, missing: ParallaxError?,
    canonical: String, seed: Int? = nil, notes: [String] = [], _ events: EventCollector
  ) {
    self.init(
      .table(cost.table(of: space)), provenance: Provenance(command: canonical, seed: seed),
      footer: [count],
      notes: [Forecast.nothingDone(missing)] + notes + events.notes, warnings: events.warnings)
  }

  /// What embedding pictures that come in would ask a model for.
  init(
    _ forecast: (pictures: Int, cost: RepeatedCost, missing: ParallaxError?), of space: Space,
    canonical: String, _ events: EventCollector
  ) {
    self.init(
      forecast: forecast.cost, of: space, Wording.count(forecast.pictures, "picture"),
      missing: forecast.missing, canonical: canonical, events)
  }
}
