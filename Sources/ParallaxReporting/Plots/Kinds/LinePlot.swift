/// Numbers over a number, joined from left to right: quality over bytes, a metric over its depth.
package struct LinePlot: Plot {
  package static let id = "line"
  package static let summary = "numbers over a number, joined, with intervals"

  package init() {}

  /// Each series has one point at a place.
  package static func suits(_ data: PlotData) -> Bool {
    guard let x = data.x, x.kind.isNumeric else { return false }
    var places: [String: Set<Double>] = [:]
    return data.rows.allSatisfy { row in
      guard let x = PlotData.number(row.x), PlotData.number(row.y) != nil else { return true }
      return places[row.group, default: []].insert(x).inserted
    }
  }

  package func draw(_ data: PlotData) throws -> Drawing {
    try XYChart(data: data, isJoined: true).draw()
  }
}
