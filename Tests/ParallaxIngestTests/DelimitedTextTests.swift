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
    // The mark says what Python's strict reader does: `=` reads it, `!` finds a quote left open, `?`
    // text behind a closing one, after which a quote may be left open as well.
    var cases: [(mark: Character, input: String, rows: [[String]])] = []
    for row in try Goldens.rows("random-csv.golden.txt") {
      if let mark = row[0].first, "=!?".contains(mark) {
        let input = row[0].dropFirst() + row.dropFirst().map { "\t" + $0 }.joined()
        cases.append((mark, String(input), []))
      } else {
        cases[cases.count - 1].rows.append(row)
      }
    }
    #expect(cases.count > 1000)
    #expect(Set(cases.map(\.mark)) == ["=", "!", "?"])
    for (mark, input, rows) in cases {
      do {
        let text = try DelimitedText(Array(input.utf8), source: "random.csv", delimiter: ",")
        #expect(text.goldenRows == rows, "\(input.debugDescription)")
        #expect(mark != "!", "\(input.debugDescription)")
      } catch {
        #expect(mark != "=", "\(input.debugDescription): \(error)")
      }
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
      Array(("a,b\n" + String(repeating: "x\n", count: 20_000)).utf8), source: "t.csv")
    #expect(text.rowCount == 20_000)
    #expect(text.issues.count == 10_001)
    #expect(text.issues.reduce(0) { $0 + $1.count } == 20_000)
    #expect(text.issues.last?.line == 10_002)
  }

  @Test func `names columns without a name and columns of one name`() throws {
    let text = try DelimitedText(Array(" a ,,a,b,\n1,2,3,4,5\n".utf8), source: "t.csv")
    #expect(text.columnNames == ["a", "column_2", "a_2", "b", "column_5"])
    #expect(text.issues.map(\.code) == [.emptyColumnName, .duplicateColumn, .emptyColumnName])
    let clash = try DelimitedText(Array("a,a_2,a\n".utf8), source: "t.csv")
    #expect(clash.columnNames == ["a", "a_2", "a_3"])
    let both = try DelimitedText(Array("a,a,a_2,a,a_2\n".utf8), source: "t.csv")
    #expect(both.columnNames == ["a", "a_2", "a_2_2", "a_3", "a_2_3"])
  }

  @Test(arguments: [
    ("a,b\n1,2\n3,\"open\nfor\never", "line 3: a quote is opened and never closed"),
    ("a,\"b\n1,2\n", "line 1: a quote is opened and never closed"),
    (
      "a,b\n1,\"open\n2,\"shut, too\"\n3,x\n",
      "line 2: a quote is opened, and closed only in line 3, where text follows it"
    ),
  ])
  func `refuses a quote that swallows rows`(input: String, message: String) {
    let error = #expect(throws: ParallaxError.self) {
      try DelimitedText(Array(input.utf8), source: "t.csv")
    }
    #expect(error?.code == .invalidValue)
    #expect(error?.message == "'t.csv', \(message)")
    #expect(error?.hint?.contains("nothing of the table was read") == true)
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

  @Test func `one bad byte harms its own line alone`() throws {
    var bytes = Array("a,b\nplain,x\nfiné,".utf8)
    bytes += [0xE9, UInt8(ascii: "\n")] + Array("good,é\r\nworse,".utf8)
    bytes += [0x93, 0x94] + Array("\n日本,語\n".utf8)
    let text = try DelimitedText(bytes, source: "t.csv")
    #expect(
      text.goldenRows.map { $0[2] } == ["x", "é", "é", "\u{201C}\u{201D}", "語"])
    // The rest of the bad line was read as Windows-1252, too.
    #expect(text.goldenRows[1][1] == "finÃ©")
    #expect(text.issues.map(\.code) == [.textEncoding, .textEncoding])
    #expect(text.issues.map(\.line) == [3, 5])
  }

  @Test func `refuses what holds NUL bytes, unless it is UTF-16 without a mark`() throws {
    let error = #expect(throws: ParallaxError.self) {
      try DelimitedText(Array("a,b\r\n1,x\0\n".utf8), source: "t.csv")
    }
    #expect(error?.message == "'t.csv' is not text: line 2 holds a NUL byte")
    for isBig in [false, true] {
      let units = "name,note\na.jpg,é日\n".utf16.flatMap { unit -> [UInt8] in
        let bytes = [UInt8(unit & 255), UInt8(unit >> 8)]
        return isBig ? bytes.reversed() : bytes
      }
      #expect(try DelimitedText(units, source: "t.csv").goldenRows == [["2", "a.jpg", "é日"]])
    }
  }

  @Test func `frees the names of columns of control characters`() throws {
    let text = try DelimitedText(
      Array("\"a\u{1B}[31m\",\"two\nlines\",\"\u{202E}x\"\n1,2,3\n".utf8), source: "t.csv")
    #expect(text.columnNames == ["a [31m", "two lines", "x"])
    #expect(text.issues.map(\.code) == [.columnName, .columnName, .columnName])
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

  @Test func `keeps blanks, and takes blanks alone for an empty cell`() throws {
    let text = try DelimitedText(Array("a,b,c\n x , \t,é \n".utf8), source: "t.csv")
    #expect(text.text(row: 0, column: 0) == " x ")
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
