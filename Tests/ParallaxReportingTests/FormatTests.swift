import ParallaxCore
import ParallaxDigest
import ParallaxTestSupport
import ParallaxText
import Testing

@testable import ParallaxReporting

@Suite struct FormatTests {
  /// Everything that has ever broken a table.
  static let awkward = Table(
    columns: [
      .init("rank", .integer, isKey: true), .init("id", .text, isKey: true),
      .init("score", .real, isKey: true), .init("caption, long", .text),
    ],
    rows: [
      [1, "a", 0.25, "plain"],
      [2, "b,c", -0.0, "says \"hi\""],
      [3, "猫", 1e-5, "two\nlines\r\n"],
      [4, "e\u{301}", .real(.infinity), ""],
      [5, " blank ", .null, .null],
      [6, "\u{1B}[31mred", 12345.678901, "=1+1 \u{202E}tab\t|pipe\\"],
    ])

  static let expected: [(id: String, text: String)] = [
    (
      "csv",
      """
      rank,id,score,"caption, long"
      1,a,0.25,plain
      2,"b,c",-0.0,"says ""hi""\"
      3,猫,1e-05,"two
      lines\r
      "
      4,e\u{301},inf,""
      5," blank ",,
      6,\u{1B}[31mred,12345.678901,=1+1 \u{202E}tab\t|pipe\\

      """
    ),
    (
      "tsv",
      """
      rank\tid\tscore\tcaption, long
      1\ta\t0.25\tplain
      2\tb,c\t-0.0\t"says ""hi""\"
      3\t猫\t1e-05\t"two
      lines\r
      "
      4\te\u{301}\tinf\t""
      5\t" blank "\t\t
      6\t\u{1B}[31mred\t12345.678901\t"=1+1 \u{202E}tab\t|pipe\\"

      """
    ),
    (
      "jsonl",
      """
      {"rank": 1, "id": "a", "score": 0.25, "caption, long": "plain"}
      {"rank": 2, "id": "b,c", "score": -0.0, "caption, long": "says \\"hi\\""}
      {"rank": 3, "id": "猫", "score": 1e-05, "caption, long": "two\\nlines\\r\\n"}
      {"rank": 4, "id": "e\u{301}", "score": null, "caption, long": ""}
      {"rank": 5, "id": " blank ", "score": null, "caption, long": null}
      {"rank": 6, "id": "\\u001b[31mred", "score": 12345.678901, "caption, long": "=1+1 \\u202etab\\t|pipe\\\\"}

      """
    ),
    (
      "json",
      """
      [
        {"rank": 1, "id": "a", "score": 0.25, "caption, long": "plain"},
        {"rank": 2, "id": "b,c", "score": -0.0, "caption, long": "says \\"hi\\""},
        {"rank": 3, "id": "猫", "score": 1e-05, "caption, long": "two\\nlines\\r\\n"},
        {"rank": 4, "id": "e\u{301}", "score": null, "caption, long": ""},
        {"rank": 5, "id": " blank ", "score": null, "caption, long": null},
        {"rank": 6, "id": "\\u001b[31mred", "score": 12345.678901, "caption, long": "=1+1 \\u202etab\\t|pipe\\\\"}
      ]

      """
    ),
    (
      "markdown",
      """
      | rank | id | score | caption, long |
      | ---: | --- | ---: | --- |
      | 1 | a | 0.2500 | plain |
      | 2 | b,c | 0.0000 | says "hi" |
      | 3 | 猫 | 0.0000 | two\\\\nlines\\\\u{D}\\\\n |
      | 4 | e\u{301} | inf | "" |
      | 5 |  blank  |  |  |
      | 6 | \\\\u{1B}\\[31mred | 12345.6789 | =1+1 \\\\u{202E}tab\\\\t\\|pipe\\\\ |

      """
    ),
    (
      "html",
      """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-@'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Table</title>
      <style>@</style>
      <table>
      <thead>
      <tr><th scope="col" class="number">rank</th>
      <th scope="col" class="text">id</th>
      <th scope="col" class="number">score</th>
      <th scope="col" class="text">caption, long</th>
      </tr>
      </thead>
      <tbody>
      <tr><td class="number">1</td>
      <td class="text">a</td>
      <td class="number">0.2500</td>
      <td class="text">plain</td>
      </tr>
      <tr><td class="number">2</td>
      <td class="text">b,c</td>
      <td class="number">0.0000</td>
      <td class="text">says &quot;hi&quot;</td>
      </tr>
      <tr><td class="number">3</td>
      <td class="text">猫</td>
      <td class="number">0.0000</td>
      <td class="text">two\\nlines\\u{D}\\n</td>
      </tr>
      <tr><td class="number">4</td>
      <td class="text">e\u{301}</td>
      <td class="number">inf</td>
      <td class="text">&quot;&quot;</td>
      </tr>
      <tr><td class="number">5</td>
      <td class="text"> blank </td>
      <td class="number"></td>
      <td class="text"></td>
      </tr>
      <tr><td class="number">6</td>
      <td class="text">\\u{1B}[31mred</td>
      <td class="number">12345.6789</td>
      <td class="text">=1+1 \\u{202E}tab\\t|pipe\\</td>
      </tr>
      </tbody>
      </table>
      </html>

      """
    ),
    (
      "latex",
      """
      \\begin{tabular}{rlrl}
      \\hline
      rank & id & score & caption, long \\\\
      \\hline
      1 & a & 0.2500 & plain \\\\
      2 & b,c & 0.0000 & says \\string"hi\\string" \\\\
      3 & 猫 & 0.0000 & two\\textbackslash{}nlines\\textbackslash{}u\\{D\\}\\textbackslash{}n \\\\
      4 & e\u{301} & inf & \\string"\\string" \\\\
      5 &  blank  &  &  \\\\
      6 & \\textbackslash{}u\\{1B\\}{[}31mred & 12345.6789 & =1+1 \\textbackslash{}u\\{202E\\}tab\\textbackslash{}t\\textbar{}pipe\\textbackslash{} \\\\
      \\hline
      \\end{tabular}

      """
    ),
    (
      "table",
      """
      rank  id                  score  caption, long
         1  a                  0.2500  plain
         2  b,c                0.0000  says "hi"
         3  猫                 0.0000  two\\nlines\\u{D}\\n
         4  e\u{301}                     inf  ""
         5   blank
         6  \\u{1B}[31mred  12345.6789  =1+1 \\u{202E}tab\\t|pipe\\

      """
    ),
    (
      "line",
      """
               rank = 1
                 id = a
              score = 0.2500
      caption, long = plain

               rank = 2
                 id = b,c
              score = 0.0000
      caption, long = says "hi"

               rank = 3
                 id = 猫
              score = 0.0000
      caption, long = two\\nlines\\u{D}\\n

               rank = 4
                 id = e\u{301}
              score = inf
      caption, long = ""

               rank = 5
                 id =  blank\u{20}
              score =\u{20}
      caption, long =\u{20}

               rank = 6
                 id = \\u{1B}[31mred
              score = 12345.6789
      caption, long = =1+1 \\u{202E}tab\\t|pipe\\

      """
    ),
  ]

  @Test(arguments: expected)
  func `every cell arrives as its format writes it`(id: String, text: String) throws {
    #expect(try Self.withoutStyle(render(Self.awkward, id)) == text)
  }

  /// The style sheet and its hash are another test's.
  private static func withoutStyle(_ text: String) -> String {
    text.replacing(#/sha256-[^']+/#, with: "sha256-@")
      .replacing(#/<style>[^<]+/#, with: "<style>@")
  }

  @Test func `a page with a table lets through only its own style`() throws {
    let page = try render(Self.awkward, "html")
    let style = try #require(page.firstMatch(of: #/<style>([^<]+)<\/style>/#)).1
    let hash = Base64.text(of: Digest.sha256(String(style)).bytes)
    #expect(page.contains("content=\"default-src 'none'; style-src 'sha256-\(hash)'\""))
  }

  @Test func `TeX reads a cell as text`() throws {
    let table = Table(
      columns: [.init("a_b", .text), .init("n", .real, isKey: true)],
      rows: [["*[x] 50 % & #1 $2 ^~{}`--", -0.5]])
    let line = try render(table, "latex").split(separator: "\n")[4]
    #expect(
      line == ##"{*}{[}x{]} 50 \% \& \#1 \$2 \textasciicircum{}\textasciitilde{}\{\}"##
        + #"\textasciigrave{}{-}{-} & $-$0.5000 \\"#)
  }

  @Test func `every format writes the awkward table`() {
    #expect(Set(Self.expected.map(\.id)) == Set(FormatRegistry.ids))
  }

  @Test(arguments: ["table", "line", "markdown", "html", "latex"])
  func `human formats never drive the terminal`(id: String) throws {
    let text = try render(Self.awkward, id)
    #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" || $0 == "\r" })
    #expect(text.contains("猫"))
  }

  @Test func `columns line up in terminal columns`() throws {
    let lines = try render(Self.awkward, "table").split(separator: "\n")
    #expect(lines.count == 7)
    #expect(lines[1].hasPrefix("   1  a"))
    let positions = lines.compactMap { line in
      line.range(of: "0.2500").map { TerminalText.width(of: String(line[..<$0.upperBound])) }
        ?? line.range(of: "0.0000").map { TerminalText.width(of: String(line[..<$0.upperBound])) }
    }
    #expect(positions.count == 3 && Set(positions).count == 1)
  }

  @Test func `a column has the decimals its values need, a score those that are set`() throws {
    let table = Table(
      columns: [
        .init("score", .real, isKey: true), .init("price", .real), .init("ratio", .real),
        .init("tiny", .real),
      ],
      rows: [
        [.real(1), .real(37.97), .real(1.0 / 3), .real(1e-12)],
        [.real(0.5), .real(5), .null, .real(2)],
      ])
    let text = try render(table, "table", Presentation(fractionDigits: 4))
    #expect(
      text == """
         score  price   ratio    tiny
        1.0000  37.97  0.3333   1e-12
        0.5000   5.00          2.0000

        """)
  }

  @Test func `keys are never cut and every cut is marked`() throws {
    let long = String(repeating: "word ", count: 40)
    let table = Table(
      columns: [.init("id", .text, isKey: true), .init("a", .text), .init("b", .text)],
      rows: [[.text(String(repeating: "k", count: 30)), .text(long), .text(long)]])
    let lines = try render(table, "table", Presentation(width: 70)).split(separator: "\n")
    #expect(lines.allSatisfy { TerminalText.width(of: String($0)) <= 70 })
    #expect(lines[1].hasPrefix(String(repeating: "k", count: 30)))
    #expect(lines[1].count { $0 == "…" } == 2)
  }

  @Test func `the spreadsheet guard touches formulas only`() throws {
    let table = Table(
      columns: [.init("x", .text), .init("y", .real)], rows: [["=1+1", -2.0], ["a=b", 1.0]])
    let text = try render(table, CSVFormat(isSpreadsheetSafe: true))
    #expect(text == "x,y\n'=1+1,-2.0\na=b,1.0\n")
  }

  @Test(
    arguments: [
      ("=1", "'=1"), ("\u{FF1D}1", "'\u{FF1D}1"), ("\u{FF0B}1", "'\u{FF0B}1"),
      ("\u{FF0D}1", "'\u{FF0D}1"), ("\u{FF20}a", "'\u{FF20}a"), ("a\n=1", "a\n'=1"),
      ("a\r\n+1\n@b", "a\r\n'+1\n'@b"), ("\n=1", "'\n'=1"), (" =1", " '=1"), ("a=1", "a=1"),
      ("\tx", "'\tx"), ("a-1\nb", "a-1\nb"), ("", ""), ("x;=1", "x;=1"),
    ])
  func `no line of a cell begins as a formula`(text: String, guarded: String) throws {
    let table = Table(columns: [.init("=h", .text)], rows: [[.text(text)]])
    let csv = try render(table, CSVFormat(isSpreadsheetSafe: true))
    let isQuoted = guarded.isEmpty || guarded.contains { $0.isNewline || " \t;".contains($0) }
    #expect(csv == "'=h\n" + (isQuoted ? "\"\(guarded)\"" : guarded) + "\n")
    #expect(try render(table, TSVFormat(isSpreadsheetSafe: true)) == csv)
  }

  @Test func `reals read back bit for bit`() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      let table = Table(columns: [.init("x", .real)], rows: [[.real(value)]])
      let text = try render(table, "csv").split(separator: "\n")[1]
      #expect(Double(text)?.bitPattern == value.bitPattern)
    }
  }

  @Test func `formats are found by name and by ending`() throws {
    for format in FormatRegistry.all {
      #expect(try FormatRegistry.format(named: format.id).id == format.id)
      for ending in format.fileExtensions {
        #expect(try FormatRegistry.format(forPath: "a.b/x.\(ending.uppercased())").id == format.id)
      }
    }
    #expect(throws: ParallaxError.self) { try FormatRegistry.format(named: "cvs") }
    #expect(throws: ParallaxError.self) { try FormatRegistry.format(forPath: "x.csv/noending") }
  }

  private func render(
    _ table: Table, _ id: String, _ presentation: Presentation = Presentation()
  ) throws -> String {
    try render(
      table, FormatRegistry.make(FormatRegistry.format(named: id), for: presentation))
  }

  private func render(_ table: Table, _ format: any TableFormat) throws -> String {
    var text = ""
    try format.write(table) { text += $0 }
    return text
  }
}

extension StringProtocol {
  /// The first occurrence of a text.
  fileprivate func range(of text: String) -> Range<Index>? {
    indices.lazy.first { self[$0...].hasPrefix(text) }
      .map { $0..<index($0, offsetBy: text.count) }
  }
}
