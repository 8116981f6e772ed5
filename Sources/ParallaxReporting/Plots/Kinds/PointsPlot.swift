/// Numbers over a number, each a point of its own: what two columns have to do with one another.
package struct PointsPlot: Plot {
  package static let id = "points"
  package static let summary = "numbers over a number, not joined"

  package init() {}

  package static func suits(_ data: PlotData) -> Bool { data.x?.kind.isNumeric ?? false }

  package func draw(_ data: PlotData) throws -> Drawing {
    try XYChart(data: data, isJoined: false).draw()
  }
}
