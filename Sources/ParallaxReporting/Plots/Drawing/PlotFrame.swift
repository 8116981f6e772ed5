/// The sheet that a drawing lies on: title, legend, axes and notes around the place for the points.
struct PlotFrame {
  static let width = 720.0
  static let margin = 16.0
  static let tickSize = 12.0
  static let labelSize = 13.0
  private static let titleSize = 16.0

  /// What stands above the drawing, in lines.
  private(set) var elements: [SVG] = []
  /// Where the next line goes.
  private(set) var y = margin
  private let title: String

  init(title: String, subtitle: [String] = []) {
    self.title = title
    let room = Self.width - 2 * Self.margin
    y += Self.titleSize
    elements.append(
      Self.text(
        PlotText.fitted(title, to: room, size: Self.titleSize), x: Self.margin, y: y,
        size: Self.titleSize, isBold: true))
    for line in subtitle {
      y += 20
      elements.append(
        Self.text(
          PlotText.fitted(line, to: room, size: Self.labelSize), x: Self.margin, y: y,
          size: Self.labelSize, isSoft: true))
    }
    y += 10
  }

  /// Names the series, in as many lines as they need.
  ///
  /// - Returns: how many names were cut.
  mutating func addLegend(_ names: [String], isJoined: Bool) -> Int {
    guard names.count > 1 else { return 0 }
    let sample = isJoined ? 34.0 : 16
    let most = (Self.width - 2 * Self.margin) / 2 - sample - 24
    var (x, cut) = (Self.margin, 0)
    y += 14
    let labels = PlotText.fitted(names, to: most, size: Self.tickSize)
    for (index, (name, label)) in zip(names, labels).enumerated() {
      if label != name { cut += 1 }
      let width = sample + 6 + PlotText.width(of: label, size: Self.tickSize) + 18
      if x > Self.margin, x + width > Self.width - Self.margin { (x, y) = (Self.margin, y + 19) }
      var parts = [PlotStyle.marker(of: index, x: x + sample / 2, y: y - 4)]
      if isJoined {
        parts.append(
          PlotStyle.line(
            "M\(SVG.number(x)) \(SVG.number(y - 4))H\(SVG.number(x + sample))", of: index))
      }
      elements.append(PlotStyle.series(index, parts))
      elements.append(Self.text(label, x: x + sample + 6, y: y, size: Self.tickSize))
      x += width
    }
    y += 10
    return cut
  }

  // MARK: Axes

  /// Grid lines across and numbers at the left of them.
  static func leftAxis(_ scale: PlotScale, label: String, left: Double, right: Double) -> [SVG] {
    let (bottom, top) = scale.pixels
    let ticks = scale.ticks.flatMap { tick -> [SVG] in
      let y = scale.position(of: tick.value)
      return [
        rule(left, y, right, y, isGrid: true),
        text(tick.label, x: left - 8, y: y + 4, size: tickSize, anchor: "end", isSoft: true),
      ]
    }
    let middle = (top + bottom) / 2
    let fitted = PlotText.fitted(label, to: bottom - top, size: labelSize)
    return ticks + [
      rule(left, top, left, bottom),
      SVG(
        .text,
        [
          "class": "plx-ink", "fill": PlotStyle.ink, "font-size": SVG.number(labelSize),
          "text-anchor": "middle",
          "transform": "translate(\(SVG.number(margin + 8)) \(SVG.number(middle))) rotate(-90)",
        ], text: fitted),
    ]
  }

  /// The room that the numbers of a left axis and its label take.
  static func leftRoom(for scale: PlotScale) -> Double {
    let widest = scale.ticks.map { PlotText.width(of: $0.label, size: tickSize) }.max() ?? 0
    return margin + 24 + widest + 8
  }

  /// Marks and numbers below a line, with a label below them.
  ///
  /// - Parameter gridTop: where grid lines end; `nil` for short marks.
  static func bottomAxis(
    _ scale: PlotScale, label: String, y: Double, gridTop: Double? = nil
  ) -> [SVG] {
    let (left, right) = scale.pixels
    let ticks = scale.ticks.flatMap { tick -> [SVG] in
      let x = scale.position(of: tick.value)
      return [
        rule(x, y + 5, x, gridTop ?? y, isGrid: gridTop != nil),
        text(
          tick.label, x: min(x, width - 4 - PlotText.width(of: tick.label, size: tickSize) / 2),
          y: y + 20, size: tickSize, anchor: "middle", isSoft: true),
      ]
    }
    return ticks + [
      rule(left, y, right, y),
      text(
        PlotText.fitted(label, to: width - 2 * margin, size: labelSize),
        x: centered(label, between: left, right), y: y + 42, size: labelSize, anchor: "middle"),
    ]
  }

  /// The middle, or as near to it as a text fits on the sheet.
  private static func centered(_ label: String, between left: Double, _ right: Double) -> Double {
    let half = min(PlotText.width(of: label, size: labelSize), width - 2 * margin) / 2
    return min(max((left + right) / 2, margin + half), width - margin - half)
  }

  /// Whether labels of ticks beside one another have room on a horizontal axis.
  static func fitAcross(_ ticks: [PlotScale.Tick], _ gap: Double) -> Bool {
    ticks.allSatisfy { PlotText.width(of: $0.label, size: tickSize) + 10 <= gap }
  }

  /// The same on a vertical one.
  static func fitDown(_ ticks: [PlotScale.Tick], _ gap: Double) -> Bool { gap >= 26 }

  // MARK: Elements

  static func rule(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, isGrid: Bool = false
  ) -> SVG {
    SVG(
      .line,
      [
        "class": isGrid ? "plx-grid" : "plx-axis", "x1": SVG.number(x1), "y1": SVG.number(y1),
        "x2": SVG.number(x2), "y2": SVG.number(y2),
        "stroke": isGrid ? PlotStyle.grid : PlotStyle.soft,
      ])
  }

  static func text(
    _ text: String, x: Double, y: Double, size: Double, anchor: String = "start",
    isSoft: Bool = false, isBold: Bool = false
  ) -> SVG {
    SVG(
      .text,
      [
        "class": isSoft ? "plx-soft" : "plx-ink", "x": SVG.number(x), "y": SVG.number(y),
        "fill": isSoft ? PlotStyle.soft : PlotStyle.ink, "font-size": SVG.number(size),
        "font-weight": isBold ? "bold" : "normal", "text-anchor": anchor,
      ], text: text)
  }

  // MARK: The file

  /// The whole drawing.
  ///
  /// - Parameters:
  ///   - bottom: where the last element ends.
  ///   - description: the text alternative, in sentences.
  ///   - notes: what is not in the drawing; stands below it as well.
  func drawing(
    _ content: [SVG], bottom: Double, count: Int, description: [String], notes: [String]
  ) -> Drawing {
    var (y, lines) = (bottom, [SVG]())
    for line in notes.flatMap(Self.folded) {
      y += 18
      lines.append(Self.text(line, x: Self.margin, y: y, size: Self.tickSize, isSoft: true))
    }
    let height = SVG.number((y + Self.margin).rounded(.up))
    let width = SVG.number(Self.width)
    let words = (description + notes.map { $0 + "." }).joined(separator: " ")
    let id = Self.id(of: title + words)
    let root = SVG(
      .svg,
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height,
        "viewBox": "0 0 \(width) \(height)", "role": "img",
        "aria-labelledby": "\(id)-title \(id)-desc", "font-family": PlotStyle.font,
      ],
      [
        SVG(.title, ["id": "\(id)-title"], text: title),
        SVG(.desc, ["id": "\(id)-desc"], text: words),
        SVG(.style, text: PlotStyle.styleSheet),
        SVG(
          .rect,
          ["class": "plx-paper", "width": width, "height": height, "fill": PlotStyle.paper]),
      ] + elements + content + lines)
    return Drawing(svg: root.xml, kind: "", count: count, notes: notes)
  }

  /// A sentence in lines that fit on the sheet.
  private static func folded(_ sentence: String) -> [String] {
    let room = width - 2 * margin
    var lines = [""]
    for word in sentence.split(separator: " ") {
      let longer =
        lines[lines.count - 1].isEmpty ? String(word) : "\(lines[lines.count - 1]) \(word)"
      if PlotText.width(of: longer, size: tickSize) <= room {
        lines[lines.count - 1] = longer
      } else {
        lines.append(PlotText.fitted(String(word), to: room, size: tickSize))
      }
    }
    return lines
  }

  /// A name that differs from those of other drawings on the same page: FNV-1a of its words.
  private static func id(of text: String) -> String {
    let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return "plot-" + String(hash, radix: 36)
  }
}
