internal import ParallaxCore

/// The kinds of drawings there are; options, completion and messages read this.
package enum PlotRegistry {
  /// The first that suits the data is the usual one.
  package static let all: [any Plot.Type] = [
    DifferencesPlot.self,
    LinePlot.self,
    PointsPlot.self,
    IntervalsPlot.self,
  ]

  package static let ids = all.map { $0.id }

  /// - Throws: `invalid-value` naming the kinds.
  package static func plot(named id: String) throws -> any Plot.Type {
    if let plot = all.first(where: { $0.id == id }) { return plot }
    throw ParallaxError(
      .invalidValue,
      "'\(id)' is not a kind of drawing; the kinds are \(ids.joined(separator: ", "))",
      hint: Suggestion.hint(for: id, among: ids), parameter: "kind")
  }

  /// The usual kind for some data.
  ///
  /// - Throws: `invalid-value` about `x` when there is none.
  package static func plot(for data: PlotData) throws -> any Plot.Type {
    if let plot = all.first(where: { $0.suits(data) }) { return plot }
    throw ParallaxError(
      .invalidValue, "--x is missing: which column '\(data.y.name)' is drawn over",
      hint: "the result has \(data.columnNames.joined(separator: ", "))", parameter: "x")
  }
}
