import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxReporting

@Suite struct PlotTests {
  private typealias Samples = PlotSamples

  /// A drawing of each kind, and the requests they stand for.
  private static let drawn: [(name: String, table: Table, request: PlotRequest)] = [
    ("line", Samples.dims, Samples.request(x: "bytes", y: "ndcg@10")),
    ("line-depth", Samples.depths, Samples.request(x: "depth", y: "recall")),
    ("points", Samples.points, Samples.request(x: "width", y: "score") { $0.group = "class" }),
    ("intervals", Samples.dims, Samples.request(x: "system", y: "difference")),
    ("differences", Samples.questions, Samples.request()),
  ]

  private static func root(of drawing: Drawing) throws -> StrictXML.Element {
    try StrictXML.read(drawing.svg)
  }

  /// The fixtures were drawn by this program and looked at, in light and in dark.
  @Test(arguments: drawn.indices)
  func `a drawing is the same to the byte`(index: Int) throws {
    let (name, table, request) = Self.drawn[index]
    let drawing = try Drawing(of: table, named: "cmp", request)
    let path = "\(TestData.packageRoot)/Tests/ParallaxReportingTests/Fixtures/\(name).svg"
    #expect(drawing.svg == TestFiles.text(of: path), "\(name)")
  }

  @Test func `every kind has a fixture`() {
    let names = Self.drawn.map { $0.name.split(separator: "-").first.map(String.init) ?? "" }
    #expect(Set(names) == Set(PlotRegistry.ids))
  }

  @Test(arguments: drawn.indices)
  func `a drawing needs nothing from elsewhere and says what it shows`(index: Int) throws {
    let (_, table, request) = Self.drawn[index]
    let drawing = try Drawing(of: table, named: "cmp", request)
    let root = try Self.root(of: drawing)
    let known: Set = [
      "svg", "title", "desc", "style", "g", "rect", "line", "path", "circle", "text",
    ]
    #expect(Set(root.all.map(\.name)).isSubset(of: known))
    for element in root.all {
      for (name, value) in element.attributes {
        #expect(!name.hasPrefix("on") && !name.contains("href"))
        #expect(name == "xmlns" || !value.contains("//") && !value.contains("url("))
      }
    }
    #expect(!root.named("style")[0].text.contains("@import"))
    #expect(root.attributes["role"] == "img")
    let ids = root.children.prefix(2).compactMap { $0.attributes["id"] }
    #expect(root.attributes["aria-labelledby"] == ids.joined(separator: " ") && ids.count == 2)
    #expect(root.named("desc")[0].text.count > 60)
  }

  @Test func `the text alternative holds the numbers in words`() throws {
    let drawing = try Drawing(
      of: Samples.dims, named: "dims", Samples.request(x: "bytes", y: "ndcg@10"))
    let root = try Self.root(of: drawing)
    #expect(root.named("title")[0].text == "dims: ndcg@10 over bytes per vector")
    #expect(
      root.named("desc")[0].text
        == "Lines: ndcg@10 over bytes per vector. 32: 0.331 (0.3 to 0.362) at 128; "
        + "64: 0.388 (0.356 to 0.421) at 256; 128: 0.409 (0.377 to 0.441) at 512; "
        + "256: 0.412 (0.381 to 0.445) at 1 024.")
  }

  @Test func `differences are counted by their sign and sorted`() throws {
    let drawing = try Drawing(of: Samples.questions, named: nil, Samples.request())
    let root = try Self.root(of: drawing)
    #expect(root.named("text").contains { $0.text == "7 wins, 2 ties, 3 losses; mean +0.07417" })
    let bars = root.named("rect").filter { $0.attributes["class"] == nil }
    #expect(bars.count == 12)
    let sorted = bars.sorted { ($0.number("x") ?? 0) < ($1.number("x") ?? 0) }
    #expect(sorted.first?.children.first?.text == "q10: +0.5")
    #expect(sorted.last?.children.first?.text == "q2: −0.4")
  }

  @Test func `rows without a number are left out and counted`() throws {
    let table = Table(
      columns: [.init("x", .real), .init("y", .real), .init("low", .real), .init("high", .real)],
      rows: [
        [1, 0.5, 0.4, 0.6], [2, nil, nil, nil], [3, .real(.nan), nil, nil], [nil, 0.2, nil, nil],
        [4, 0.7, nil, 0.9], [5, 1e200, nil, nil],
      ])
    let drawing = try Drawing(
      of: table, named: nil,
      Samples.request(x: "x", y: "y") { ($0.low, $0.high) = ("low", "high") })
    #expect(drawing.count == 2)
    let notes = [
      "4 of 6 rows are not drawn: no value in 'y': 1, a number that cannot be drawn in 'y': 2, "
        + "no value in 'x': 1",
      "1 point without an interval: no finite numbers in 'low' and 'high'",
    ]
    #expect(drawing.notes == notes)
    let root = try Self.root(of: drawing)
    for note in notes { #expect(root.named("desc")[0].text.contains(note + ".")) }
    #expect(root.named("text").contains { $0.text.hasPrefix("4 of 6 rows are not drawn:") })
  }

  @Test func `hostile texts stay texts`() throws {
    let name = "<script>\"&'\u{1B}[31m\u{202E}]]>\u{0}\u{FFFF}\n日本"
    let table = Table(
      columns: [.init("system", .text), .init("x", .integer), .init(name, .real)],
      rows: [[.text(name), 1, 0.5], ["b", 2, 0.6]])
    for request in [
      Samples.request(x: "x", y: name), Samples.request(x: "system", y: name),
      Samples.request(x: "x", y: name) { ($0.group, $0.title) = ("system", name) },
      Samples.request(y: name) { $0.kind = "differences" },
    ] {
      let root = try Self.root(of: try Drawing(of: table, named: name, request))
      let shown = "<script>\"&'\\u{1B}[31m\\u{202E}]]>\\u{0}\\u{FFFF}\\n日本"
      #expect(root.named("desc")[0].text.contains(shown))
      #expect(root.named("script").isEmpty)
    }
  }

  @Test func `a metric is drawn over its depths, one series a system`() throws {
    let data = try PlotData(
      Samples.depths, named: nil, Samples.request(x: "depth", y: "recall"))
    #expect(data.group == "system")
    #expect(data.rows.map(\.x) == [1, 5, 10, 30, 100, 1, 5, 10, 30, 100])
    let one = try PlotData(Samples.depths, named: nil, Samples.request(x: "depth", y: "recall@5"))
    #expect(one.rows.count == 2)
    // A table that has the depth in a column of its own.
    let curve = Table(
      columns: [
        .init("system", .text), .init("metric", .text), .init("depth", .integer),
        .init("value", .real),
      ],
      rows: [
        ["a", "mrr", 1, 0.5], ["b", "mrr", 1, 0.5], ["a", "mrr", 2, 0.6], ["b", "mrr", 2, 0.4],
      ])
    let drawn = try PlotData(curve, named: nil, Samples.request(x: "depth", y: "mrr"))
    #expect(drawn.group == "system" && drawn.rows.map(\.group) == ["a", "b", "a", "b"])
  }

  @Test func `slices of a comparison never share a series`() throws {
    let table = Table(
      columns: [
        .init("system", .text), .init("city", .text), .init("metric", .text), .init("value", .real),
      ],
      rows: [
        ["a", "all questions", "mrr", 0.5], ["b", "all questions", "mrr", 0.6],
        ["a", "Rome", "mrr", 0.4], ["b", "Rome", "mrr", 0.7],
      ])
    let group = { (x: String, y: String) in
      try PlotData(table, named: nil, Samples.request(x: x, y: y)).group
    }
    #expect(try group("system", "mrr") == "city")
    #expect(try group("system", "value") == "city")
    #expect(try group("city", "mrr") == "system")
  }

  @Test func `a difference says which system minus which, where the numbers say so`() throws {
    let meaning = { (table: Table) in
      try PlotData(table, named: nil, Samples.request()).meaning
    }
    #expect(try meaning(Samples.questions) == "photos@v2 minus photos@base")
    let other = Samples.questions.replacing(
      rows: Samples.questions.rows + [["q", "", 0.5, 0.6, -0.1]])
    #expect(try meaning(other) == nil)
  }

  @Test func `metrics never share a series`() throws {
    let data = try PlotData(Samples.dims, named: nil, Samples.request(x: "dim", y: "difference"))
    #expect(data.group == "metric")
    #expect(data.intervals?.low == "diff_low" && data.intervals?.high == "diff_high")
  }

  @Test(
    arguments: [
      (PlotSamples.dims, "bytes", "ndcg@10", nil, "line"),
      (PlotSamples.points, "width", "score", nil, "points"),
      (PlotSamples.dims, "system", "ndcg@10", nil, "intervals"),
      (PlotSamples.questions, nil, nil, nil, "differences"),
      (PlotSamples.questions, "query", "difference", nil, "differences"),
      (PlotSamples.questions, "photos@base", "difference", nil, "points"),
    ] as [(Table, String?, String?, String?, String)])
  func `the columns choose the kind`(
    table: Table, x: String?, y: String?, group: String?, kind: String
  ) throws {
    let data = try PlotData(table, named: nil, Samples.request(x: x, y: y) { $0.group = group })
    #expect(try PlotRegistry.plot(for: data).id == kind)
  }
}
