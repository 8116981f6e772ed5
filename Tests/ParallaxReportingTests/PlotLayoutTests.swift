import ParallaxCore
import Testing

@testable import ParallaxReporting

@Suite struct PlotLayoutTests {
  private static func labels(
    _ values: [Double], isLogarithmic: Bool = false, endsAtTicks: Bool = false
  ) -> [String] {
    PlotScale(
      values, isLogarithmic: isLogarithmic, pixels: (60, 690), endsAtTicks: endsAtTicks,
      spacing: PlotFrame.fitAcross
    ).ticks.map(\.label)
  }

  /// The smallest step of 1, 2 or 5 times a power of ten that makes at most eight parts of the range
  /// with its margins.
  @Test(
    arguments: [
      ([0, 8], ["0", "2", "4", "6", "8"]),
      ([0, 7], ["0", "1", "2", "3", "4", "5", "6", "7"]),
      ([0.28, 0.445], ["0.30", "0.35", "0.40", "0.45"]),
      ([-11, -3], ["−10", "−8", "−6", "−4"]),
      ([0, 0], ["−1.0", "−0.5", "0", "0.5", "1.0"]),
      ([1e8, 9e8], ["2e8", "4e8", "6e8", "8e8"]),
      ([1e-9, 5e-9], ["1e-9", "2e-9", "3e-9", "4e-9", "5e-9"]),
      ([1_200_000, 3_400_000], ["1 500 000", "2 000 000", "2 500 000", "3 000 000"]),
    ] as [([Double], [String])])
  func `ticks are round numbers`(values: [Double], wanted: [String]) {
    #expect(Self.labels(values) == wanted)
  }

  @Test(
    arguments: [
      ([64, 128, 256, 1024], ["64", "128", "256", "512", "1 024"]),
      ([1, 5, 100], ["1", "2", "5", "10", "20", "50", "100"]),
      ([1, 1e12], ["1", "1e1", "1e2", "1e3"]),
      ([3, 70], ["5", "10", "20", "50"]),
    ] as [([Double], [String])])
  func `logarithmic ticks are powers and their fifths`(values: [Double], wanted: [String]) {
    #expect(Array(Self.labels(values, isLogarithmic: true).prefix(wanted.count)) == wanted)
  }

  @Test func `an axis that ends at ticks stays between 0 and 1 with its numbers`() {
    #expect(Self.labels([0.02, 1], endsAtTicks: true).first == "0")
    #expect(Self.labels([0.02, 1], endsAtTicks: true).last == "1.0")
  }

  /// Numbers of every size, alone and in pairs.
  private static let sizes = [
    0, 1, -1, 0.4, 1e-12, -1e-12, 1e12, 1e150, -1e150, 1e-150, 123_456.789,
  ]

  @Test func `labels of ticks never touch, and everything lies on the sheet`() throws {
    var tables: [[(Double, Double)]] = []
    for x in Self.sizes { for y in Self.sizes { tables.append([(x, y)]) } }
    for first in Self.sizes {
      for second in Self.sizes { tables.append([(first, second), (second, first), (0.5, 0.5)]) }
    }
    for points in tables {
      let table = Table(
        columns: [.init("x", .real), .init("y", .real)],
        rows: points.map { [.real($0.0), .real($0.1)] })
      let drawing = try Drawing(of: table, named: nil, PlotSamples.request(x: "x", y: "y"))
      let root = try StrictXML.read(drawing.svg)
      let (width, height) = (
        try #require(root.number("width")), try #require(root.number("height"))
      )
      for mark in root.named("circle") {
        let (x, y) = (try #require(mark.number("cx")), try #require(mark.number("cy")))
        #expect((0...width).contains(x) && (0...height).contains(y), "\(points)")
      }
      try Self.expectApart(root.named("text"), width, "\(points)")
    }
  }

  /// Texts whose lines are the same do not overlap, and none leaves the sheet.
  private static func expectApart(
    _ texts: [StrictXML.Element], _ width: Double, _ what: Comment
  ) throws {
    var lines: [Double: [ClosedRange<Double>]] = [:]
    for text in texts {
      guard let x = text.number("x"), let y = text.number("y") else { continue }
      let size = try #require(text.number("font-size"))
      let length = PlotText.width(of: text.text, size: size)
      let share = ["start": 0, "middle": 0.5, "end": 1.0][text.attributes["text-anchor"] ?? ""]
      let left = x - length * (share ?? 0)
      #expect(left >= 0 && left + length <= width, "\(text.text) in \(what)")
      for other in lines[y] ?? [] {
        #expect(!other.overlaps(left...(left + length)), "\(text.text) in \(what)")
      }
      lines[y, default: []].append(left...(left + length))
    }
  }

  @Test func `long names are cut where they do not differ, and this is said`() throws {
    let rows = (0..<5).map { index -> [Value] in
      let name =
        "photographs@gemini-embedding-2-of-the-year-\(index)-" + String(repeating: "x", count: 90)
      return [.text(name), .real(0.1 * Double(index))]
    }
    let table = Table(columns: [.init("system", .text), .init("value", .real)], rows: rows)
    let drawing = try Drawing(of: table, named: nil, PlotSamples.request(x: "system", y: "value"))
    #expect(drawing.notes == ["5 names cut for want of room"])
    let root = try StrictXML.read(drawing.svg)
    let names = root.named("text").map(\.text).filter {
      $0.contains("year-") || $0.contains("ear-")
    }
    #expect(Set(names).count == 5)
    try Self.expectApart(root.named("text"), 720, "names")
    #expect(
      root.named("desc")[0].text.contains("photographs@gemini-embedding-2-of-the-year-3-xxxx"))
  }

  @Test func `points beside one another have names that do not overlap`() throws {
    let rows = (0..<12).map { index -> [Value] in
      [.text("system \(index)"), .integer(Int64(index % 3)), .real(Double(index % 2))]
    }
    let table = Table(
      columns: [.init("system", .text), .init("x", .integer), .init("y", .real)], rows: rows)
    let drawing = try Drawing(of: table, named: nil, PlotSamples.request(x: "x", y: "y"))
    let root = try StrictXML.read(drawing.svg)
    try Self.expectApart(root.named("text"), 720, "names")
    let drawn = root.named("text").count { $0.text.hasPrefix("system ") }
    #expect(drawing.notes == ["\(12 - drawn) names cut or left out for want of room"])
  }

  @Test(arguments: [(0.4125, "0.4125"), (-12.5, "−12.5"), (1_536, "1 536"), (2.5e-7, "2.5e-07")])
  func `numbers have four digits`(value: Double, words: String) {
    #expect(PlotText.words(value) == words)
  }

  @Test(arguments: [
    (0, "0"), (-0.001, "0"), (12.345, "12.35"), (-3.5, "-3.5"), (100.05, "100.05"), (.nan, "0"),
  ])
  func `coordinates have two decimals`(value: Double, text: String) {
    #expect(SVG.number(value) == text)
  }
}
