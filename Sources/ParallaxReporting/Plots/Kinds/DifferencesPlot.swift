internal import ParallaxCore

/// Differences, one bar each, from the largest gain to the largest loss.
package struct DifferencesPlot: Plot {
  package static let id = "differences"
  package static let summary = "sorted bars of gains and losses, with their counts"

  private static let height = 280.0
  /// Bars beyond which those of a sign are one shape.
  private static let mostBars = 200
  private static let mostRows = 50_000

  private struct Bar {
    var name: String?
    var value: Double
  }

  package init() {}

  package static func suits(_ data: PlotData) -> Bool {
    data.y.name == "difference" && (data.x == nil || data.x?.name == "query")
  }

  package func draw(_ data: PlotData) throws -> Drawing {
    try data.requireNumericY()
    guard data.group == nil else {
      throw ParallaxError(
        .unsupported, "this kind draws one set of differences; '\(data.group ?? "")' makes several",
        hint: "--kind points draws several", parameter: "group")
    }
    guard data.rows.count <= Self.mostRows else {
      throw ParallaxError(
        .unsupported,
        "a drawing holds at most \(Wording.count(Self.mostRows)) bars; the result has "
          + Wording.count(data.rows.count))
    }
    var omissions = PlotOmissions()
    var bars: [Bar] = []
    for row in data.rows {
      guard let value = omissions.numbers((row.y, data.y.name))?.first else { continue }
      bars.append(Bar(name: data.x == nil ? row.label : row.x.plainText, value: value))
    }
    guard !bars.isEmpty else { throw data.nothingToDraw }
    let order = bars.indices.sorted { (-bars[$0].value, $0) < (-bars[$1].value, $1) }
    bars = order.map { bars[$0] }

    let counts = Self.counts(bars)
    let mean = bars.reduce(0) { $0 + $1.value } / Double(bars.count)
    let frame = PlotFrame(
      title: data.title("\(data.y.name) by \(Self.noun(data))"),
      subtitle: [data.meaning, "\(counts); mean \(PlotText.signed(mean))"].compactMap(\.self))
    let (top, bottom) = (frame.y + 6, frame.y + 6 + Self.height)
    let scale = PlotScale(
      bars.map(\.value) + [0], pixels: (bottom, top), endsAtTicks: true, spacing: PlotFrame.fitDown)
    let (left, right) = (
      PlotFrame.leftRoom(for: scale), PlotFrame.width - PlotFrame.margin
    )
    let zero = scale.position(of: 0)
    let content =
      PlotFrame.leftAxis(scale, label: data.y.label, left: left, right: right)
      + Self.elements(bars, left, right, scale)
      + [
        PlotFrame.rule(left, zero, right, zero),
        Self.meanLine(scale.position(of: mean), left, right),
        PlotFrame.text(
          "\(Wording.count(bars.count, Self.noun(data))), from the largest gain to the largest loss; "
            + "dashed: the mean", x: (left + right) / 2, y: bottom + 24, size: PlotFrame.labelSize,
          anchor: "middle"),
      ]
    return frame.drawing(
      content, bottom: bottom + 30, count: bars.count,
      description: Self.description(bars, data, counts, mean),
      notes: omissions.notes)
  }

  private static func noun(_ data: PlotData) -> String {
    data.columnNames.contains("query") ? "question" : "row"
  }

  private static func counts(_ bars: [Bar]) -> String {
    let wins = bars.count { $0.value > 0 }
    let losses = bars.count { $0.value < 0 }
    return [
      Wording.count(wins, "win"), Wording.count(bars.count - wins - losses, "tie"),
      Wording.count(losses, "loss", "losses"),
    ].joined(separator: ", ")
  }

  private static func meanLine(_ y: Double, _ left: Double, _ right: Double) -> SVG {
    SVG(
      .line,
      [
        "class": "plx-axis", "x1": SVG.number(left), "y1": SVG.number(y), "x2": SVG.number(right),
        "y2": SVG.number(y), "stroke": PlotStyle.soft, "stroke-dasharray": "6 4",
      ])
  }

  /// The bars, gains in one colour and losses in another; each with its name where they are few.
  private static func elements(
    _ bars: [Bar], _ left: Double, _ right: Double, _ scale: PlotScale
  ) -> [SVG] {
    let zero = scale.position(of: 0)
    let step = (right - left - 8) / Double(bars.count)
    let isMany = bars.count > mostBars
    let width = isMany ? step : min(step * 0.8, 40)
    let places = bars.enumerated().map { index, bar in
      (left + 4 + (Double(index) + 0.5) * step - width / 2, bar)
    }
    let ties = isMany ? [] : places.filter { $0.1.value == 0 }.map { bar($0, width, scale) }
    return [SVG(.g, ["class": "plx-soft", "fill": PlotStyle.soft], ties)]
      + [true, false].enumerated().compactMap { series, isGain in
        let own = places.filter { isGain ? $0.1.value > 0 : $0.1.value < 0 }
        guard let first = own.first else { return nil }
        guard isMany else { return PlotStyle.series(series, own.map { bar($0, width, scale) }) }
        let steps = own.map { place, bar in
          "V\(SVG.number(scale.position(of: bar.value)))H\(SVG.number(place + width))"
        }
        let path =
          "M\(SVG.number(first.0)) \(SVG.number(zero))\(steps.joined())V\(SVG.number(zero))Z"
        return PlotStyle.series(series, [SVG(.path, ["d": path, "fill": "currentColor"])])
      }
  }

  private static func bar(_ place: (Double, Bar), _ width: Double, _ scale: PlotScale) -> SVG {
    let zero = scale.position(of: 0)
    let end = scale.position(of: place.1.value)
    let isTie = place.1.value == 0
    let name = place.1.name.map { "\($0): " } ?? ""
    return SVG(
      .rect,
      [
        "x": SVG.number(place.0), "y": SVG.number(min(zero, end) - (end == zero ? 1.5 : 0)),
        "width": SVG.number(width), "height": SVG.number(end == zero ? 3 : abs(end - zero)),
        "fill": isTie ? "inherit" : "currentColor",
      ], [SVG(.title, text: name + PlotText.signed(place.1.value))])
  }

  private static func description(
    _ bars: [Bar], _ data: PlotData, _ counts: String, _ mean: Double
  ) -> [String] {
    let words = { (bar: Bar) in (bar.name.map { "\($0): " } ?? "") + PlotText.signed(bar.value) }
    let sentence =
      "Bars of \(data.meaning ?? data.y.label), \(counts); the mean is \(PlotText.signed(mean))."
    if bars.count <= 40 { return [sentence, bars.map(words).joined(separator: "; ") + "."] }
    let gains = bars.prefix(5).map(words).joined(separator: "; ")
    let losses = bars.suffix(5).reversed().map(words).joined(separator: "; ")
    return [sentence, "The first five: \(gains).", "The last five: \(losses)."]
  }
}
