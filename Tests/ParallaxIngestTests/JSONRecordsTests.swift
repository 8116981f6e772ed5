import ParallaxCore
import ParallaxIngest
import Testing

@Suite struct JSONRecordsTests {
  @Test func `reads members as typed cells`() throws {
    let lines = try JSONRecords(contentsOf: Goldens.path("awkward.jsonl"))
    #expect(
      lines.columnNames == ["file", "year", "score", "ok", "tags", "late", "empty"])
    #expect(lines.issues.isEmpty)
    #expect(
      lines.cells == [
        [
          .typed("a.jpg"), .typed(2024), .typed(0.5), .typed(true),
          .typed("[\"x\", {\"y\": null}]"), .empty, .empty,
        ],
        [
          .typed("b.jpg"), .typed(-3), .typed(1e-7), .typed(false), .empty,
          .typed("日本 \"q\" \\ / \u{8}\u{C}\n\r\t"), .empty,
        ],
        [
          .typed("c 🦜.jpg"), .typed(.integer(.max)), .empty, .empty, .empty, .empty,
          .typed("{}"),
        ],
      ])
  }

  @Test func `accepts and refuses what Python's strict reader does`() throws {
    let cases = try Goldens.rows("random-json.golden.txt")
    #expect(cases.count == 1500)
    for row in cases {
      let text = row[1].utf8 + (row.count > 2 ? Array(("\t" + row[2]).utf8) : [])
      let isObject =
        (try? JSONRecords(Array(text), source: "t.jsonl"))?.issues
        .contains { $0.code == .badJSON } == false
      #expect(isObject == (row[0] == "ok"), "\(row[1])")
    }
  }

  @Test(arguments: [
    ("{\"a\": 1,}", "a name in quotes is missing (column 9)"),
    ("[1]", "a line holds one JSON object (column 1)"),
    ("{\"a\": 01}", "',' or '}' is missing (column 8)"),
    ("{\"a\": \"\\ud800\"}", "half of a surrogate pair is missing (column 14)"),
    ("{\"a\": tru}", "a value is missing (column 7)"),
    ("{\"a\": \"x}", "a quote is opened and never closed (column 10)"),
    ("{} {}", "unexpected text follows the object (column 4)"),
    ("{\"a\" 1}", "':' is missing after a name (column 6)"),
    ("{\"a\": 1.}", "a digit is missing after the point (column 9)"),
    ("{\"a\": [1 2]}", "',' or ']' is missing (column 10)"),
  ])
  func `says what is wrong with a line`(line: String, reason: String) throws {
    let lines = try JSONRecords(
      Array("{\"a\": 0}\n\(line)\n\n{\"a\": 2}\n".utf8), source: "t.jsonl")
    #expect(lines.cells == [[.typed(0)], [.typed(2)]])
    #expect(lines.line(ofRow: 1) == 4)
    #expect(lines.issues.map(\.description) == ["t.jsonl:2: \(reason); the line is left out"])
  }

  @Test func `refuses nesting without end`() throws {
    let deep = "{\"a\": " + String(repeating: "[", count: 100_000)
    let lines = try JSONRecords(Array("{\"a\": 0}\n\(deep)".utf8), source: "t.jsonl")
    #expect(lines.issues.map(\.code) == [.badJSON])
  }

  @Test func `keeps the first of two members and numbers that do not fit as text`() throws {
    let text =
      "\u{FEFF}{\"a\": 1, \"a\": 2, \"b\": 18446744073709551615, \"c\": 1e999, \"\\u0062\": 3}\r\n"
    let lines = try JSONRecords(Array(text.utf8), source: "t.jsonl")
    let long = Value.written("18446744073709551615", as: 18446744073709551615.0)
    #expect(lines.cells == [[.typed(1), .typed(long), .typed("1e999")]])
    #expect(lines.issues.map(\.code) == [.duplicateMember, .duplicateMember])
  }

  @Test(arguments: ["", "\n\n", "null\n[]\n"])
  func `refuses a text without objects`(input: String) {
    let error = #expect(throws: ParallaxError.self) {
      try JSONRecords(Array(input.utf8), source: "t.jsonl")
    }
    #expect(error?.message == "'t.jsonl' has no line that is a JSON object")
  }
}

extension JSONRecords {
  fileprivate var cells: [[RawCell]] {
    (0..<rowCount).map { row in columnNames.indices.map { cell(row: row, column: $0) } }
  }
}
