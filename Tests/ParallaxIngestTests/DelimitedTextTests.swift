import ParallaxCore
import ParallaxIngest
import ParallaxTestSupport
import Testing

@Suite struct DelimitedTextTests {
  @Test func `reads the awkward file as Python does`() throws {
    let text = try DelimitedText(contentsOf: Goldens.path("awkward.csv"))
    #expect(text.columnNames == ["name", "caption", "quoted, header", "note"])
    #expect(text.goldenRows == (try Goldens.rows("awkward.golden.txt")))
    #expect(text.issues.map(\.code) == [.strayQuote, .strayQuote])
    #expect(text.issues.map(\.line) == [9, 9])
  }

  @Test func `reads random texts as Python does`() throws {
    var cases: [(input: String, rows: [[String]])] = []
    for row in try Goldens.rows("random-csv.golden.txt") {
      if row[0].hasPrefix("=") {
        cases.append((row[0].dropFirst() + row.dropFirst().map { "\t" + $0 }.joined(), []))
      } else {
        cases[cases.count - 1].rows.append(row)
      }
    }
    #expect(cases.count > 1000)
    for (input, rows) in cases {
      let text = try DelimitedText(Array(input.utf8), source: "random.csv", delimiter: ",")
      #expect(text.goldenRows == rows, "\(input.debugDescription)")
    }
  }

  @Test func `reports short and long rows with their lines`() throws {
    let text = try DelimitedText(Array("a,b\n1,2,3\n\n\"x\ny\"\n4,5\n".utf8), source: "t.csv")
    #expect(text.goldenRows == [["2", "1", "2"], ["4", "x\ny", ""], ["6", "4", "5"]])
    #expect(
      text.issues.map(\.description) == [
        "t.csv:2: the row has 3 cells; the header has 2",
        "t.csv:4: the row has 1 cell; the header has 2",
      ])
  }

  @Test func `sums up a long series of issues`() throws {
    let text = try DelimitedText(
      Array(("a,b\n" + String(repeating: "x\n", count: 5000)).utf8), source: "t.csv")
    #expect(text.rowCount == 5000)
    #expect(text.issues.count == 101)
    #expect(text.issues.reduce(0) { $0 + $1.count } == 5000)
    #expect(text.issues.last?.line == 102)
  }

  @Test func `names columns without a name and columns of one name`() throws {
    let text = try DelimitedText(Array(" a ,,a,b,\n1,2,3,4,5\n".utf8), source: "t.csv")
    #expect(text.columnNames == ["a", "column_2", "a_2", "b", "column_5"])
    #expect(text.issues.map(\.code) == [.emptyColumnName, .duplicateColumn, .emptyColumnName])
    let clash = try DelimitedText(Array("a,a_2,a\n".utf8), source: "t.csv")
    #expect(clash.columnNames == ["a", "a_2", "a_3"])
  }

  @Test func `reports a quote that is never closed where it was opened`() throws {
    let text = try DelimitedText(Array("a,b\n1,2\n3,\"open\nfor\never".utf8), source: "t.csv")
    #expect(text.goldenRows.last == ["3", "3", "open\nfor\never"])
    #expect(text.issues.map(\.code) == [.unclosedQuote])
    #expect(text.issues.first?.line == 3)
    #expect(text.issues.first?.severity == .error)
  }

  @Test(arguments: [
    ("a;b\n1;2\n", "t.csv", [IngestIssue.Code.delimiterGuessed]),
    ("a\tb\n1\t2\n", "t.csv", [.delimiterGuessed]), ("a\tb\n1\t2\n", "t.tsv", []),
    ("a\tb\n1\t2\n", "t.TAB", []), ("a,b\n1,2\n", "t.txt", []),
  ])
  func `finds the delimiter`(input: String, source: String, issues: [IngestIssue.Code]) throws {
    let text = try DelimitedText(Array(input.utf8), source: source)
    #expect(text.columnNames == ["a", "b"])
    #expect(text.goldenRows == [["2", "1", "2"]])
    #expect(text.issues.map(\.code) == issues)
  }

  @Test(arguments: ["é", "\"", "\n", "\r\n"] as [Character])
  func `refuses the delimiter`(delimiter: Character) {
    #expect(throws: ParallaxError.self) {
      try DelimitedText(Array("a\n".utf8), source: "t.csv", delimiter: delimiter)
    }
  }

  @Test(arguments: ["", "\n\n", "\u{FEFF}", "\u{FEFF}\r\n"])
  func `refuses a text without a header`(input: String) {
    let error = #expect(throws: ParallaxError.self) {
      try DelimitedText(Array(input.utf8), source: "t.csv")
    }
    #expect(error?.message == "'t.csv' is empty; its first line names the columns")
  }

  @Test func `reads byte order marks and UTF-16`() throws {
    let text = "name,caption\na.jpg,日本 🦜\n"
    var little: [UInt8] = [0xFF, 0xFE]
    var big: [UInt8] = [0xFE, 0xFF]
    for unit in text.utf16 {
      little += [UInt8(unit & 255), UInt8(unit >> 8)]
      big += [UInt8(unit >> 8), UInt8(unit & 255)]
    }
    let marked: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    for bytes in [marked, little, big] {
      let read = try DelimitedText(bytes, source: "t.csv")
      #expect(read.columnNames == ["name", "caption"])
      #expect(read.goldenRows == [["2", "a.jpg", "日本 🦜"]])
      #expect(read.issues.isEmpty)
    }
    let broken = try DelimitedText(
      little.dropLast(2) + [0x00, 0xD8, 0x0A] as [UInt8], source: "t.csv")
    #expect(broken.issues.map(\.code) == [.textEncoding])
    #expect(broken.goldenRows == [["2", "a.jpg", "日本 🦜\u{FFFD}"]])
  }

  @Test func `reads what is not UTF-8 as Windows-1252 and names the line`() throws {
    for row in try Goldens.rows("windows-1252.golden.txt") {
      let byte = try #require(UInt8(row[0], radix: 16))
      let scalar = try #require(UInt32(row[1], radix: 16).flatMap(Unicode.Scalar.init))
      let text = try DelimitedText(
        Array("a,b\nfine,x\nbad,".utf8) + [byte] + Array("\n".utf8), source: "t.csv")
      #expect(text.text(row: 1, column: 1) == String(Character(scalar)), "\(row)")
      #expect(text.issues.map(\.code) == [.textEncoding])
      #expect(text.issues.first?.line == 3)
    }
  }

  @Test func `keeps null bytes and blanks, and takes blanks for an empty cell`() throws {
    let text = try DelimitedText(Array("a,b,c\n x\0 , \t,é \n".utf8), source: "t.csv")
    #expect(text.text(row: 0, column: 0) == " x\0 ")
    #expect(text.cell(row: 0, column: 1) == .empty)
    #expect(text.cell(row: 0, column: 2) == .untyped("é "))
  }

  @Test func `names a file that cannot be read`() async throws {
    try await withTemporaryDirectory { folder in
      let error = #expect(throws: ParallaxError.self) {
        try DelimitedText(contentsOf: folder + "/none.csv")
      }
      #expect(error?.code == .unreadableFile)
      #expect(error?.message == "cannot read '\(folder)/none.csv': No such file or directory")
      let second = #expect(throws: ParallaxError.self) { try DelimitedText(contentsOf: folder) }
      #expect(second?.message == "cannot read '\(folder)': it is a folder, not a file")
    }
  }
}

extension DelimitedText {
  /// Line numbers and cells, as the golden files have them.
  fileprivate var goldenRows: [[String]] {
    (0..<rowCount).map { row in
      [String(line(ofRow: row))] + columnNames.indices.map { text(row: row, column: $0) }
    }
  }
}
