internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension CommandOutput {
  /// What embedding pictures that come in would ask a model for.
  init(
    _ forecast: (pictures: Int, cost: RepeatedCost, missing: ParallaxError?), of space: Space,
    canonical: String, _ events: EventCollector
  ) {
    self.init(
      .table(forecast.cost.table(of: space)), provenance: Provenance(command: canonical),
      footer: [Wording.count(forecast.pictures, "picture")],
      notes: [
        forecast.missing.map { "nothing was embedded; to embed, \($0.message)" }
          ?? "nothing was embedded"
      ] + events.notes, warnings: events.warnings)
  }
}
