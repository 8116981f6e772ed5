import ParallaxCore
import ParallaxDigest
import ParallaxTestSupport
import ParallaxText
import Testing

@testable import ParallaxReporting

@Suite struct ReportTests {
  /// Signs of HTML, of attributes, of scripts and of style sheets; what turns text around; controls.
  private static let hostile =
    "</script></style><img src=x onerror=alert(1)>\"'&amp;]]>{}`\u{202E}\u{1B}[2J\u{0}\u{FFFF}\n猫"
  private static let shown =
    "</script></style><img src=x onerror=alert(1)>\"'&amp;]]>{}`\\u{202E}\\u{1B}[2J\\u{0}\\u{FFFF}\\n猫"

  private static let picture = ReportPicture.Source(path: hostile, hash: nil)
  private static let other = ReportPicture.Source(path: "b.jpg", hash: nil)

  private static func hit(_ rank: Int, _ id: String, _ source: ReportPicture.Source?) -> ReportHit {
    ReportHit(
      rank: rank, id: id, picture: source, caption: hostile,
      scores: [ReportFact("score", "0.5")],
      fields: (1...4).map { ReportFact("\(hostile)\($0)", hostile) }, move: .up(from: 7),
      isRelevant: true)
  }

  private static func section(_ hits: [ReportHit]) -> ListsSection {
    ListsSection(
      title: hostile, conclusion: [hostile], remarks: [hostile],
      sources: [ReportSource(name: hostile, facts: [ReportFact("command", hostile)])],
      questions: [
        ReportQuestion(
          heading: hostile, terms: [.init(role: "image", text: hostile, picture: picture)],
          lists: [
            ReportList(name: hostile, hits: hits), ReportList(name: "none", hits: []),
          ], remark: hostile)
      ])
  }

  private static func table() throws -> TableSection {
    let table = Table(
      columns: [
        .init(hostile, .text, isKey: true), .init("value", .real), .init("none", .real),
      ],
      rows: [[.text(hostile), 0.25, nil], ["b", nil, nil], ["c", 1e-9, nil]])
    let drawn = Table(
      columns: [.init("system", .text), .init("y", .real)], rows: [[.text(hostile), 1], ["b", 2]])
    var request = PlotRequest()
    (request.x, request.y, request.title) = ("system", "y", hostile)
    return TableSection(
      title: hostile, sources: [ReportSource(name: "t", facts: [])], table: table,
      fractionDigits: 4, drawings: [try Drawing(of: drawn, named: hostile, request)])
  }

  private static func report(most: Int = 10) throws -> Report {
    let pictures: [ReportPicture.Source: ReportPicture] = [
      picture: .shown(jpeg: [0xFF, 0xD8, 0xFF], width: 20, height: 10),
      other: .failed(reason: hostile),
    ]
    return Report(
      title: hostile, created: "2026-01-02T03:04:05Z",
      sections: [
        section([hit(1, hostile, picture), hit(2, "b", other), hit(3, "c", nil)]), try table(),
      ], pictures: ReportPictures(pictures, most: most), omissions: [hostile])
  }

  /// What stands between two texts, the first time.
  private static func part(of page: String, _ start: String, _ end: String) throws -> String {
    let pieces = page.split(separator: start, maxSplits: 1, omittingEmptySubsequences: false)
    try #require(pieces.count == 2)
    return String(pieces[1].split(separator: end, omittingEmptySubsequences: false)[0])
  }

  private static func body(of page: String) throws -> StrictXML.Element {
    try StrictXML.read("<body>\(part(of: page, "<body>", "<script>"))</body>")
  }

  @Test func `hostile texts stay texts wherever they stand`() throws {
    let page = try Self.report().html()
    let body = try Self.body(of: page)
    let images = body.named("img")
    #expect(images.count == 2 && body.named("script").isEmpty)
    #expect(images.allSatisfy { $0.attributes["src"] == "data:image/jpeg;base64,/9j/" })
    #expect(images[1].attributes["alt"] == Self.shown)
    for name in ["h1", "h2", "h3", "h4", "dd", "td", "th", "summary", "strong", "desc"] {
      #expect(!body.named(name).isEmpty, "\(name)")
    }
    #expect(body.named("h1")[0].text == Self.shown)
    for element in body.all {
      #expect(element.attributes.keys.allSatisfy { !$0.hasPrefix("on") && $0 != "style" })
    }
    let raw = page.unicodeScalars.filter { TerminalText.needsEscape($0) && $0 != "\n" }
    #expect(raw.isEmpty)
    let title = try Self.part(of: page, "<title>", "</title>")
    #expect(title == Markup.escaped(Self.hostile))
  }

  @Test func `nothing is loaded, and only the page's own style and script are let through`() throws
  {
    let page = try Self.report().html()
    let policy = try Self.part(of: page, "Content-Security-Policy\" content=\"", "\"")
    #expect(policy.hasPrefix("default-src 'none'; img-src data:; style-src 'sha256-"))
    #expect(policy.hasSuffix("; base-uri 'none'; form-action 'none'"))
    let drawing = try Self.part(of: page, "<svg ", "</svg>")
    for text in [
      try Self.part(of: page, "<style>", "</style>"),
      try Self.part(of: page, "<script>", "</script>"),
      try Self.part(of: drawing, "<style>", "</style>"),
    ] {
      #expect(policy.contains("'sha256-\(Base64.text(of: Digest.sha256(text).bytes))'"))
    }
    let addresses = page.replacing("http://www.w3.org/2000/svg", with: "")
    for sign in ["http:", "https:", "url(", "@import", "<link", "<iframe", "<form", "<base"] {
      #expect(!addresses.contains(sign), "\(sign)")
    }
  }

  @Test func `the style sheet and the script hold no sign that HTML reads`() {
    for text in [ReportStyle.sheet, ReportScript.text, PlotStyle.styleSheet] {
      #expect(!text.contains("</") && !text.contains("<!--"))
    }
  }

  @Test func `the same values give the same page, which says its size`() throws {
    let page = try Self.report().html()
    #expect(try Self.report().html() == page)
    #expect(page.contains("This file has \(Wording.bytes(page.utf8.count)) and needs nothing"))
    #expect(page.contains("2 pictures of 6 B are inside"))
  }

  @Test func `a reader without eyes or a mouse finds the way`() throws {
    let body = try Self.body(of: try Self.report().html())
    let ids = body.all.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    for link in body.named("a") {
      let target = try #require(link.attributes["href"])
      #expect(target.hasPrefix("#") && ids.contains(String(target.dropFirst())))
    }
    for section in body.named("section") {
      #expect(ids.contains(section.attributes["aria-labelledby"] ?? ""))
    }
    let levels = body.all.compactMap { ["h1", "h2", "h3", "h4"].firstIndex(of: $0.name) }
    #expect(levels.first == 0 && zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 })
    #expect(body.named("img").allSatisfy { $0.attributes["alt"] != nil })
    for table in body.named("table") {
      #expect(table.children.first?.name == "caption")
      #expect(table.named("th").allSatisfy { ["col", "row"].contains($0.attributes["scope"]) })
    }
    #expect(body.named("main").count == 1 && body.named("header").count == 1)
    #expect(body.named("nav").count == 1 && body.named("footer").count == 1)
  }

  @Test func `what moved is said in words`() throws {
    let moves: [(ReportHit.Move, String)] = [
      (.entered, "+ entered"), (.left, "− left"), (.kept, "= stayed"), (.up(from: 9), "▲ from 9"),
      (.down(from: 1), "▼ from 1"),
    ]
    let hits = moves.enumerated().map { ReportHit(rank: $0 + 1, id: "\($0)", move: $1.0) }
    let page = try Report(
      title: "t", created: "", sections: [Self.section(hits)]
    ).html()
    let ranks = try Self.body(of: page).named("p").filter { $0.attributes["class"] == "rank" }
    #expect(ranks.map { $0.children.first?.text } == moves.map { $0.1 })
  }

  @Test func `a picture that is left out, fails or is gone leaves a place that says so`() throws {
    func gone(_ most: Int) throws -> [String] {
      try Self.body(of: try Self.report(most: most).html()).named("p")
        .filter { $0.attributes["class"] == "gone" }.map {
          $0.children.map(\.text).joined() + $0.text
        }
    }
    let failed = "No picture: \(Self.shown)"
    #expect(try gone(10) == [failed, "No picture is known"])
    #expect(
      try gone(1) == ["Picture left out", "Picture left out", "No picture is known"])
  }

  @Test func `numbers sort by their value, and nothing comes last`() throws {
    let body = try Self.body(of: try Self.report().html())
    let cells = body.named("tbody")[0].named("td")
    #expect(cells.map(\.text) == ["0.2500", "", "1e-09"])
    #expect(cells.map { $0.attributes["data-key"] } == ["0.25", nil, nil])
    #expect(body.named("th")[1].attributes["data-kind"] == "number")
    #expect(
      body.named("p").contains { $0.text == "Columns without any value: none" })
  }

  @Test func `a wide table is parts with the same names`() throws {
    let columns =
      [Table.Column("system", .text, isKey: true), .init("metric", .text, isKey: true)]
      + (1...20).map { .init("c\($0)", .integer) }
    let row: [Value] = ["a", "m"] + (1...20).map { Value($0) }
    let parts = try HTMLTable.parts(of: Table(columns: columns, rows: [row]), fractionDigits: 4)
    #expect(parts.map(\.caption) == (1...3).map { "Table, part \($0) of 3" })
    #expect(parts.allSatisfy { $0.columns.prefix(2).map(\.name) == ["system", "metric"] })
    #expect(
      parts.flatMap { $0.rows[0].dropFirst(2).map(\.text) } == (1...20).map(String.init))
    #expect(parts.allSatisfy { $0.columns.count <= 11 })
  }
}
