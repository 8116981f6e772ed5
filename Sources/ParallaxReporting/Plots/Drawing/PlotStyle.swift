/// Colours, shapes and dashes of a drawing.
///
/// Attributes hold the light colours, so that a program without style sheets draws them; the style
/// sheet holds the dark ones for readers who prefer those. The series have the colours of Okabe and
/// Ito's palette ("Color Universal Design", 2008), which people with any kind of colour vision can
/// tell apart; shapes and dashes differ as well.
enum PlotStyle {
  static let font = "Helvetica, Arial, 'Liberation Sans', sans-serif"
  static let paper = "#ffffff"
  static let ink = "#1f2328"
  static let soft = "#57606a"
  static let grid = "#d8dee4"

  /// As many series as can be told apart.
  static let mostSeries = 24

  private static let colors: [(light: String, dark: String)] = [
    ("#0072b2", "#56b4e9"), ("#d55e00", "#e69f00"), ("#009e73", "#009e73"), ("#cc79a7", "#cc79a7"),
    ("#000000", "#ffffff"), ("#e69f00", "#f0e442"), ("#56b4e9", "#d55e00"),
  ]

  private static let dashes = ["none", "7 4", "2 3", "9 3 2 3", "5 2"]

  static let styleSheet: String = {
    let series = colors.enumerated().map { ".plx-c\($0){color:\($1.dark)}" }.joined()
    return "@media (prefers-color-scheme:dark){.plx-paper{fill:#161b22}.plx-ink{fill:#e6edf3}"
      + ".plx-soft{fill:#9da7b3}.plx-grid{stroke:#30363d}.plx-axis{stroke:#9da7b3}\(series)}"
  }()

  /// What is drawn in the colour of a series.
  static func series(_ index: Int, _ elements: [SVG]) -> SVG {
    let color = index % colors.count
    return SVG(.g, ["class": "plx-c\(color)", "color": colors[color].light], elements)
  }

  static func line(_ path: String, of series: Int) -> SVG {
    let dash = dashes[series % dashes.count]
    return SVG(
      .path,
      [
        "d": path, "fill": "none", "stroke": "currentColor", "stroke-width": "2",
        "stroke-dasharray": dash,
      ])
  }

  /// A point in the shape of its series.
  ///
  /// - Parameter title: what a pointer over it shows.
  static func marker(
    of series: Int, x: Double, y: Double, radius: Double = 4.5, title: String? = nil
  ) -> SVG {
    let children = title.map { [SVG(.title, text: $0)] } ?? []
    let shape = (series + series / colors.count) % 7
    if shape == 0 {
      return SVG(
        .circle,
        [
          "cx": SVG.number(x), "cy": SVG.number(y), "r": SVG.number(radius),
          "fill": "currentColor",
        ], children)
    }
    let corners: [(Double, Double)] =
      switch shape {
      case 1: [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
      case 2: [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)]
      case 3: [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)]
      case 4: [(0, 1.2), (1.1, -0.8), (-1.1, -0.8)]
      case 5: cross(turned: false)
      default: cross(turned: true)
      }
    let path = corners.enumerated().map { index, corner in
      (index == 0 ? "M" : "L") + SVG.number(x + corner.0 * radius) + " "
        + SVG.number(y + corner.1 * radius)
    }
    return SVG(.path, ["d": path.joined() + "Z", "fill": "currentColor"], children)
  }

  private static func cross(turned: Bool) -> [(Double, Double)] {
    let arm = 0.35
    let plus = [
      (-arm, -1.2), (arm, -1.2), (arm, -arm), (1.2, -arm), (1.2, arm), (arm, arm), (arm, 1.2),
      (-arm, 1.2), (-arm, arm), (-1.2, arm), (-1.2, -arm), (-arm, -arm),
    ]
    let half = 0.7071
    return turned ? plus.map { (half * ($0.0 - $0.1), half * ($0.0 + $0.1)) } : plus
  }
}
