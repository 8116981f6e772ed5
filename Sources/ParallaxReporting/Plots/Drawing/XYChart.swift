internal import ParallaxCore

/// Points with a number on either axis, in series.
struct XYChart {
  private struct Point {
    var x, y: Double
    var low, high: Double?
    var label: String?
  }

  private typealias Series = (name: String, points: [Point])

  /// Points beyond which a line is drawn without marks, and a mark without a text of its own.
  private static let mostMarks = 80
  private static let mostTitles = 400
  /// Points beyond which none is named.
  private static let mostLabels = 12
  private static let mostPoints = 50_000
  private static let height = 300.0

  let data: PlotData
  /// Whether the points of a series are joined.
  let isJoined: Bool

  /// - Throws: `invalid-value` and `unsupported` about the parameter.
  func draw() throws -> Drawing {
    let axis = try data.numericX()
    try data.requireNumericY()
    var omissions = PlotOmissions()
    let series = try series(axis, &omissions)
    let points = series.flatMap(\.points)
    let isLogarithmic = try isLogarithmic(points.map(\.x), axis)
    let hasIntervals = points.contains { $0.low != nil }

    var frame = PlotFrame(
      title: data.title("\(data.y.label) over \(axis.label)"),
      subtitle: hasIntervals ? [intervalSentence(series)] : [])
    let cut = frame.addLegend(series.map(\.name), isJoined: isJoined)
    let (top, bottom) = (frame.y + 6, frame.y + 6 + Self.height)
    let yScale = PlotScale(
      points.flatMap { [$0.y, $0.low, $0.high].compactMap { $0 } }
        + (data.y.name == "difference" ? [0] : []),
      pixels: (bottom, top), endsAtTicks: true, spacing: PlotFrame.fitDown)
    let (left, right) = (
      PlotFrame.leftRoom(for: yScale), PlotFrame.width - PlotFrame.margin - 14
    )
    let xScale = PlotScale(
      points.map(\.x), isLogarithmic: isLogarithmic, pixels: (left, right),
      spacing: PlotFrame.fitAcross)
    let xLabel = axis.label + (isLogarithmic ? " (log scale)" : "")

    let names = labels(of: series, xScale, yScale)
    var notes = omissions.notes
    notes += data.intervalNotes(missing: points.count { $0.low == nil })
    if cut + names.cut > 0 {
      notes.append("\(Wording.count(cut + names.cut, "name")) cut or left out for want of room")
    }
    let content =
      PlotFrame.leftAxis(yScale, label: data.y.label, left: left, right: right)
      + zeroLine(yScale, left, right)
      + PlotFrame.bottomAxis(xScale, label: xLabel, y: bottom)
      + marks(of: series, xScale, yScale) + names.elements
    return frame.drawing(
      content, bottom: bottom + 48, count: points.count,
      description: description(series, axis, isLogarithmic), notes: notes)
  }

  // MARK: Data

  /// The points by series, in the order in which the table names those; from left to right.
  private func series(
    _ axis: PlotData.Axis, _ omissions: inout PlotOmissions
  ) throws -> [Series] {
    guard data.rows.count <= Self.mostPoints else {
      throw ParallaxError(
        .unsupported,
        "a drawing holds at most \(Wording.count(Self.mostPoints)) points; the result has "
          + Wording.count(data.rows.count), hint: "'filter --top' keeps some of a ranking")
    }
    var places: [String: Int] = [:]
    var series: [Series] = []
    for row in data.rows {
      guard let numbers = omissions.numbers((row.x, axis.name), (row.y, data.y.name)) else {
        continue
      }
      let place = places[row.group] ?? series.count
      if place == series.count {
        places[row.group] = place
        series.append((row.group, []))
      }
      let isWhole = row.low != nil && row.high != nil
      series[place].points.append(
        Point(
          x: numbers[0], y: numbers[1], low: isWhole ? row.low : nil,
          high: isWhole ? row.high : nil, label: row.label))
    }
    guard !series.isEmpty else { throw data.nothingToDraw }
    try data.checkSeries(count: series.count)
    return series.map { series in
      let order = series.points.indices.sorted {
        (series.points[$0].x, $0) < (series.points[$1].x, $1)
      }
      return (series.name, order.map { series.points[$0] })
    }
  }

  private func isLogarithmic(_ values: [Double], _ axis: PlotData.Axis) throws -> Bool {
    let (least, most) = (values.min() ?? 0, values.max() ?? 0)
    switch data.xScale {
    case .linear: return false
    case .logarithmic:
      guard least > 0 else {
        throw ParallaxError(
          .invalidValue,
          "a logarithmic axis has positive numbers only; '\(axis.name)' has \(PlotText.words(least))",
          hint: "leave --x-scale out, or choose linear", parameter: "x-scale")
      }
      return true
    case nil: return least > 0 && most > least * 10
    }
  }

  // MARK: Elements

  private func zeroLine(_ scale: PlotScale, _ left: Double, _ right: Double) -> [SVG] {
    guard data.y.name == "difference", scale.domain.contains(0) else { return [] }
    let y = scale.position(of: 0)
    return [PlotFrame.rule(left, y, right, y)]
  }

  /// Whether the intervals of a series are a band, rather than a bar at each point.
  private func hasBand(_ points: [Point], among count: Int) -> Bool {
    isJoined && points.count > 1 && (count > 1 || points.count > 30)
      && points.allSatisfy { $0.low != nil }
  }

  private func marks(of series: [Series], _ x: PlotScale, _ y: PlotScale) -> [SVG] {
    var (below, above) = ([SVG](), [SVG]())
    for (index, part) in series.enumerated() {
      let points = part.points.map { ($0, x.position(of: $0.x), y.position(of: $0.y)) }
      var lines: [SVG] = []
      if hasBand(part.points, among: series.count) {
        below.append(PlotStyle.series(index, [band(part.points, x, y)]))
      } else if let bars = bars(part.points, x, y) {
        lines.append(bars)
      }
      if isJoined, points.count > 1 {
        lines.append(
          PlotStyle.line(Self.path(points.map { ($0.1, $0.2) }), of: index))
      }
      let isDense = points.count > Self.mostMarks
      let isTitled = points.count <= Self.mostTitles
      let marks = points.map { point, x, y in
        PlotStyle.marker(
          of: index, x: x, y: y, radius: isDense ? 2.5 : 4.5,
          title: isTitled ? words(of: point, in: part.name) : nil)
      }
      above.append(PlotStyle.series(index, lines + (isJoined && isDense ? [] : marks)))
    }
    return below + above
  }

  private static func path(_ points: [(Double, Double)]) -> String {
    points.enumerated().map { index, point in
      "\(index == 0 ? "M" : "L")\(SVG.number(point.0)) \(SVG.number(point.1))"
    }.joined()
  }

  private func band(_ points: [Point], _ x: PlotScale, _ y: PlotScale) -> SVG {
    let upper = points.map { (x.position(of: $0.x), y.position(of: $0.high ?? $0.y)) }
    let lower = points.map { (x.position(of: $0.x), y.position(of: $0.low ?? $0.y)) }
    return SVG(
      .path,
      [
        "d": Self.path(upper + lower.reversed()) + "Z", "fill": "currentColor",
        "fill-opacity": "0.16",
      ])
  }

  private func bars(_ points: [Point], _ x: PlotScale, _ y: PlotScale) -> SVG? {
    let parts = points.compactMap { point -> String? in
      guard let low = point.low, let high = point.high else { return nil }
      let middle = x.position(of: point.x)
      let (first, last) = (SVG.number(middle - 5), SVG.number(middle + 5))
      let (lower, upper) = (SVG.number(y.position(of: low)), SVG.number(y.position(of: high)))
      return "M\(first) \(lower)H\(last)M\(first) \(upper)H\(last)"
        + "M\(SVG.number(middle)) \(lower)V\(upper)"
    }
    guard !parts.isEmpty else { return nil }
    return SVG(
      .path,
      [
        "d": parts.joined(), "fill": "none", "stroke": "currentColor", "stroke-width": "1.5",
      ])
  }

  /// The names of the points, where these are few and of one series.
  private func labels(of series: [Series], _ x: PlotScale, _ y: PlotScale) -> PointLabels {
    var labels = PointLabels(
      left: x.pixels.first + 2, top: y.pixels.last - 6, right: x.pixels.last + 12,
      bottom: y.pixels.first - 2)
    let points = series[0].points
    guard series.count == 1, points.count <= Self.mostLabels else { return labels }
    let places = points.map { (x: x.position(of: $0.x), y: y.position(of: $0.y)) }
    for (point, place) in zip(points, places) {
      labels.avoid(x: place.x, y: place.y)
      guard let low = point.low, let high = point.high else { continue }
      labels.avoid(from: (place.x, y.position(of: low)), to: (place.x, y.position(of: high)))
    }
    if isJoined {
      for (place, next) in zip(places, places.dropFirst()) { labels.avoid(from: place, to: next) }
    }
    labels.add(
      zip(points, places).compactMap { point, place in point.label.map { (name: $0, place: place) }
      })
    return labels
  }

  // MARK: Words

  private func intervalSentence(_ series: [Series]) -> String {
    let ends = data.intervals.map { "from '\($0.low)' to '\($0.high)'" } ?? ""
    let bands = series.contains { hasBand($0.points, among: series.count) }
    return "\(bands ? "bands" : "bars") show the interval \(ends)"
  }

  private func words(of point: Point, in series: String) -> String {
    let name = [series, point.label ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
    let interval =
      point.low.flatMap { low in
        point.high.map { " (\(PlotText.words(low)) to \(PlotText.words($0)))" }
      } ?? ""
    return (name.isEmpty ? "" : "\(name): ")
      + "\(PlotText.words(point.y))\(interval) at \(PlotText.words(point.x))"
  }

  /// What the drawing shows, for readers who do not see it.
  private func description(
    _ series: [Series], _ axis: PlotData.Axis, _ isLogarithmic: Bool
  ) -> [String] {
    let kind = isJoined ? "Lines" : "Points"
    let scale = isLogarithmic ? ", on a logarithmic axis" : ""
    let whole = series.reduce(0) { $0 + $1.points.count } <= 40
    return ["\(kind): \(data.y.label) over \(axis.label)\(scale)."]
      + series.map { part in
        let name = part.name.isEmpty ? "" : "\(part.name): "
        if whole {
          return name + part.points.map { words(of: $0, in: "") }.joined(separator: "; ") + "."
        }
        let values = part.points.map(\.y)
        let ends = [part.points.first, part.points.last].compactMap { $0 }
          .map { words(of: $0, in: "") }.joined(separator: " and ")
        return name + "\(Wording.count(part.points.count, "point")) from "
          + "\(PlotText.words(values.min() ?? 0)) to \(PlotText.words(values.max() ?? 0)); "
          + "the first and the last: \(ends)."
      }
  }
}
