internal import ParallaxCore

/// A number and its interval for each name, one line a name: systems beside one another.
package struct IntervalsPlot: Plot {
  package static let id = "intervals"
  package static let summary = "a number for each name, one line a name, with intervals"

  /// Lines that a drawing has at most.
  private static let mostLines = 200
  private static let lineHeight = 26.0

  private struct Mark {
    var line, series: Int
    var value: Double
    var interval: (low: Double, high: Double)?
  }

  package init() {}

  package static func suits(_ data: PlotData) -> Bool { data.x != nil }

  package func draw(_ data: PlotData) throws -> Drawing {
    guard let axis = data.x else {
      throw ParallaxError(
        .invalidValue, "--x is missing: this kind draws '\(data.y.name)' for each name in a column",
        hint: "the result has \(data.columnNames.joined(separator: ", "))", parameter: "x")
    }
    try data.requireNumericY()
    var omissions = PlotOmissions()
    let (names, series, marks) = try marks(of: data, &omissions)
    let hasIntervals = marks.contains { $0.interval != nil }

    var frame = PlotFrame(
      title: data.title("\(data.y.label) by \(axis.label)"),
      subtitle: hasIntervals
        ? [data.intervals.map { "bars show the interval from '\($0.low)' to '\($0.high)'" } ?? ""]
        : [])
    var cut = frame.addLegend(series, isJoined: false)
    let room = PlotFrame.width * 0.42
    let labels = PlotText.fitted(names, to: room, size: PlotFrame.tickSize)
    cut += zip(names, labels).count { $0 != $1 }
    let widest = labels.map { PlotText.width(of: $0, size: PlotFrame.tickSize) }.max() ?? 0
    let (left, right) = (
      PlotFrame.margin + widest + 12, PlotFrame.width - PlotFrame.margin - 14
    )
    let height = max(Self.lineHeight, Double(series.count) * 13 + 10)
    let (top, bottom) = (frame.y + 4, frame.y + 4 + Double(names.count) * height + 6)
    let scale = PlotScale(
      marks.flatMap { [$0.value, $0.interval?.low, $0.interval?.high].compactMap { $0 } }
        + (data.y.name == "difference" ? [0] : []),
      pixels: (left, right), spacing: PlotFrame.fitAcross)

    var content = PlotFrame.bottomAxis(scale, label: data.y.label, y: bottom, gridTop: top)
    if data.y.name == "difference", scale.domain.contains(0) {
      let zero = scale.position(of: 0)
      content.append(PlotFrame.rule(zero, top, zero, bottom))
    }
    for (line, label) in labels.enumerated() {
      let y = top + (Double(line) + 0.5) * height + 3
      content.append(
        PlotFrame.text(label, x: left - 10, y: y + 4, size: PlotFrame.tickSize, anchor: "end"))
    }
    content += marks.map { mark in
      let y =
        top + (Double(mark.line) + 0.5) * height + 3
        + (Double(mark.series) - Double(series.count - 1) / 2) * 13
      return element(mark, y, scale, names[mark.line], series[mark.series])
    }
    let notes =
      omissions.notes
      + data.intervalNotes(missing: marks.count { $0.interval == nil })
      + (cut > 0 ? ["\(Wording.count(cut, "name")) cut for want of room"] : [])
    return frame.drawing(
      content, bottom: bottom + 48, count: marks.count,
      description: ["\(data.y.label) by \(axis.label)."]
        + marks.map { words($0, names[$0.line], series[$0.series]) + "." }, notes: notes)
  }

  /// What is drawn, with the names of lines and series in the order of the table.
  private func marks(
    of data: PlotData, _ omissions: inout PlotOmissions
  ) throws -> (names: [String], series: [String], marks: [Mark]) {
    var (lines, groups) = ([String: Int](), [String: Int]())
    var (names, series, marks) = ([String](), [String](), [Mark]())
    for row in data.rows {
      guard let value = omissions.numbers((row.y, data.y.name))?.first else { continue }
      let name = row.x.plainText
      let line = lines[name] ?? names.count
      if line == names.count {
        lines[name] = line
        names.append(name)
      }
      let place = groups[row.group] ?? series.count
      if place == series.count {
        groups[row.group] = place
        series.append(row.group)
      }
      let interval = row.low.flatMap { low in row.high.map { (low: low, high: $0) } }
      marks.append(Mark(line: line, series: place, value: value, interval: interval))
    }
    guard !marks.isEmpty else { throw data.nothingToDraw }
    try data.checkSeries(count: series.count)
    guard names.count <= Self.mostLines else {
      throw ParallaxError(
        .unsupported,
        "this kind draws at most \(Self.mostLines) names; '\(data.x?.name ?? "")' has "
          + Wording.count(names.count), hint: "choose another column", parameter: "x")
    }
    return (names, series, marks)
  }

  private func element(
    _ mark: Mark, _ y: Double, _ scale: PlotScale, _ name: String, _ series: String
  ) -> SVG {
    var parts: [SVG] = []
    if let interval = mark.interval {
      let (low, high) = (
        SVG.number(scale.position(of: interval.low)), SVG.number(scale.position(of: interval.high))
      )
      let (top, bottom) = (SVG.number(y - 4), SVG.number(y + 4))
      parts.append(
        SVG(
          .path,
          [
            "d":
              "M\(low) \(SVG.number(y))H\(high)M\(low) \(top)V\(bottom)M\(high) \(top)V\(bottom)",
            "fill": "none", "stroke": "currentColor", "stroke-width": "1.5",
          ]))
    }
    parts.append(
      PlotStyle.marker(
        of: mark.series, x: scale.position(of: mark.value), y: y, title: words(mark, name, series)))
    return PlotStyle.series(mark.series, parts)
  }

  private func words(_ mark: Mark, _ name: String, _ series: String) -> String {
    let interval =
      mark.interval.map { " (\(PlotText.words($0.low)) to \(PlotText.words($0.high)))" } ?? ""
    return [name, series].filter { !$0.isEmpty }.joined(separator: ", ")
      + ": \(PlotText.words(mark.value))\(interval)"
  }
}
