import ParallaxCore
import ParallaxReporting
import Testing

/// An output that is expected, one that is printed, and whether they are the same.
struct OutputCase: Sendable, CustomTestStringConvertible {
  let name: String
  let expected: String
  let printed: String
  var rules = OutputRules()
  let isSame: Bool

  var testDescription: String { name }

  init(
    _ name: String, _ expected: String, _ printed: String, _ rules: OutputRules, _ isSame: Bool
  ) {
    (self.name, self.expected, self.printed) = (name, expected, printed)
    (self.rules, self.isSame) = (rules, isSame)
  }

  init(_ name: String, _ expected: String, _ printed: String, _ isSame: Bool) {
    self.init(name, expected, printed, OutputRules(), isSame)
  }
}

/// What counts as the same output, as tables of cases.
@Suite struct OutputComparisonTests {
  static let texts: [OutputCase] = [
    OutputCase("the same", "a b\nc", "a b\nc", true),
    OutputCase("runs of blanks", "a   b", "a b", true),
    OutputCase("blanks around", "  a", "a  ", true),
    OutputCase("empty lines", "a\n\nb", "a\nb\n", true),
    OutputCase("another word", "a b", "a c", false),
    OutputCase("a word more", "a", "a b", false),
    OutputCase("a line less", "a\nb", "a", false),
    OutputCase("a line more", "a", "a\nb", false),
    OutputCase("nothing", "", "", true),
    OutputCase("something instead of nothing", "", "a", false),
    OutputCase("nothing instead of something", "a", "", false),
    OutputCase("upper case", "A", "a", false),

    OutputCase("to the precision written", "0.31", "0.3120", true),
    OutputCase("rounded up", "0.32", "0.3151", true),
    OutputCase("below the precision written", "0.31", "0.3160", false),
    OutputCase("the last digit", "0.3121", "0.3120", false),
    OutputCase("more precisely than printed", "0.31204", "0.3120", false),
    OutputCase("an integer", "12", "13", false),
    OutputCase("an integer for a number with a point", "1", "1.0", false),
    OutputCase("a negative number", "-0.5", "-0.4960", true),
    OutputCase("the sign", "0.5", "-0.5", false),
    OutputCase("an exponent", "1.2e-05", "1.21e-05", true),
    OutputCase("another exponent", "1.2e-05", "1.2e-04", false),
    OutputCase("in brackets", "(0.5,", "(0.4960,", true),
    OutputCase("an interval", "[0.1,0.9]", "[0.11,0.88]", true),
    OutputCase("an end of an interval", "[0.1,0.9]", "[0.11,0.8]", false),
    OutputCase("after an equals sign", "a=0.5", "a=0.4960", true),
    OutputCase("a version", "v1.5", "v1.50", false),
    OutputCase("a version of three", "1.2.3", "1.2.30", false),
    OutputCase("a file name", "0.5.jpg", "0.50.jpg", false),
    OutputCase("an id of digits", "00412", "412", false),
    OutputCase("not a number", "nan", "0.1", false),

    OutputCase("any lines", "a\n...\nz", "a\nb\nc\nz", true),
    OutputCase("no lines", "a\n...\nz", "a\nz", true),
    OutputCase("only any lines", "...", "a\nb", true),
    OutputCase("any lines of nothing", "...", "", true),
    OutputCase("any lines and then no end", "a\n...\nz", "a\nb", false),
    OutputCase("any lines twice", "...\nb\n...", "a\nb\nc", true),
    OutputCase("points within a line", "a ...", "a b", false),
    OutputCase("any text", "a [..] z", "a b c z", true),
    OutputCase("no text", "a [..]", "a", true),
    OutputCase("any text within a word", "took [..]ms", "took 12ms", true),
    OutputCase("any text across words", "to[..]end", "to the end", true),
    OutputCase("any text and another end", "took [..]ms", "took 12s", false),
    OutputCase("overlapping ends", "ab[..]bc", "abc", false),

    OutputCase("within tol", "0.3000", "0.3009", OutputRules(tolerance: 0.001), true),
    OutputCase("beyond tol", "0.3000", "0.3012", OutputRules(tolerance: 0.001), false),
    OutputCase("tol leaves integers", "3", "4", OutputRules(tolerance: 2), false),
  ]

  @Test(arguments: texts)
  func `lines and words`(_ sample: OutputCase) {
    let comparison = OutputComparison(
      Self.lines(sample.expected), PrintedOutput(sample.printed), sample.rules)
    #expect(comparison.isSame == sample.isSame)
    #expect(comparison.isSame == comparison.difference.isEmpty)
  }

  // MARK: - Tables

  /// Rows are `id score caption`, ranked in this order.
  private static func table(_ rows: String) throws -> PrintedOutput {
    let cells = rows.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 2) }
    return try PrintedOutput(
      Table(
        columns: [
          .init("rank", .integer, isKey: true), .init("id", .text, isKey: true),
          .init("score", .real, isKey: true), .init("caption", .text),
        ],
        rows: cells.enumerated().map { index, cells in
          [
            .integer(Int64(index + 1)), .text(String(cells[0])), .real(Double(cells[1]) ?? 0),
            .text(String(cells[2])),
          ]
        }), for: Presentation(width: 100))
  }

  private static let rows = """
    00412 0.31204 red car
    00077 0.3117 taxi, f/1.8
    00100 0.29 a bus
    9.5 0.2 a cat
    """

  private static let page = """
    rank id score caption
    1 00412 0.3120 red car
    2 00077 0.3117 taxi, f/1.8
    3 00100 0.2900 a bus
    4 9.5 0.2000 a cat
    """

  static let tables: [OutputCase] = [
    OutputCase("the same", page, rows, true),
    OutputCase(
      "jitter below what is written", page, rows.replacing("0.31204", with: "0.311998"), true),
    OutputCase(
      "jitter across a rounding", page.replacing("0.3120", with: "0.3120"),
      rows.replacing("0.31204", with: "0.3120502"), true),
    OutputCase("a moved score", page, rows.replacing("0.29 ", with: "0.2902 "), false),
    OutputCase(
      "a score moved by its last digit", page.replacing("0.2900", with: "0.2901"), rows, false),
    OutputCase("a coarser score", page.replacing("0.2900", with: "0.29"), rows, true),
    OutputCase("a replaced id", page.replacing("00100", with: "00101"), rows, false),
    OutputCase("an id that is a number", page.replacing("9.5", with: "9.50"), rows, false),
    OutputCase("a number within a text", page.replacing("f/1.8", with: "f/1.80"), rows, false),
    OutputCase("a missing row", page.replacing("3 00100 0.2900 a bus\n", with: ""), rows, false),
    OutputCase("a row more", page + "\n5 x 0.1000 y", rows, false),
    OutputCase("another rank", page.replacing("3 00100", with: "4 00100"), rows, false),
    OutputCase(
      "tied rows the other way round", page,
      "00077 0.3118 taxi, f/1.8\n00412 0.3117 red car\n00100 0.29 a bus\n9.5 0.2 a cat", true),
    OutputCase(
      "tied ids the other way round, their scores in place",
      page.replacing("1 00412", with: "1 X").replacing("2 00077", with: "2 00412")
        .replacing("1 X", with: "1 00077").replacing("red car", with: "Y")
        .replacing("taxi, f/1.8", with: "red car").replacing("Y", with: "taxi, f/1.8"), rows, true),
    OutputCase(
      "rows that are not tied the other way round",
      page.replacing(
        "2 00077 0.3117 taxi, f/1.8\n3 00100 0.2900 a bus",
        with: "2 00100 0.2900 a bus\n3 00077 0.3117 taxi, f/1.8"),
      rows, false),
    OutputCase(
      "a tied row with another text", page,
      "00077 0.3118 taxi\n00412 0.3117 red car\n00100 0.29 a bus\n9.5 0.2 a cat", false),
    OutputCase("the first rows", "rank id score caption\n1 00412 0.312 [..]\n...", rows, true),
    OutputCase(
      "any order", page,
      "9.5 0.2 a cat\n00100 0.29 a bus\n00412 0.31204 red car\n00077 0.3117 taxi, f/1.8",
      OutputRules(rowsAreSet: true), true),
    OutputCase(
      "any order, and another id", page,
      "9.6 0.2 a cat\n00100 0.29 a bus\n00412 0.31204 red car\n00077 0.3117 taxi, f/1.8",
      OutputRules(rowsAreSet: true), false),
    OutputCase(
      "three of four", page, "00100 0.4 a bus\n9.5 0.3 a cat\n00412 0.2 red car\nnew 0.1 x",
      OutputRules(overlap: 0.75), true),
    OutputCase(
      "two of four", page, "00100 0.4 a bus\n9.5 0.3 a cat\nnew 0.2 red car\nnewer 0.1 x",
      OutputRules(overlap: 0.75), false),
    OutputCase(
      "three of four of five", page,
      "00100 0.4 a bus\n9.5 0.3 a cat\n00412 0.2 red car\nnew 0.1 x\nnewer 0.1 x",
      OutputRules(overlap: 0.75), false),
  ]

  @Test(arguments: tables)
  func `rows of tables`(_ sample: OutputCase) throws {
    let printed = try Self.table(sample.printed)
    let comparison = OutputComparison(Self.lines(sample.expected), printed, sample.rules)
    #expect(comparison.isSame == sample.isSame)
  }

  @Test(arguments: tables + texts)
  func `what is written once agrees and is written no more`(_ sample: OutputCase) throws {
    let printed =
      Self.tables.contains { $0.name == sample.name && $0.printed == sample.printed }
      ? try Self.table(sample.printed) : PrintedOutput(sample.printed)
    let updated = OutputComparison(Self.lines(sample.expected), printed, sample.rules).updated
    let again = OutputComparison(updated, printed, sample.rules)
    #expect(again.isSame && again.updated == updated, "\(updated)")
    if sample.isSame {
      #expect(updated == Self.lines(sample.expected).filter { !$0.isEmpty })
    }
  }

  @Test func `wildcards stay where they still fit`() {
    func updated(_ expected: String, _ printed: String) -> String {
      OutputComparison(Self.lines(expected), PrintedOutput(printed), OutputRules()).updated
        .joined(separator: "\n")
    }
    #expect(updated("a 1\n...\nz 1", "a 2\nb\nc\nz 1") == "a 2\n...\nz 1")
    #expect(
      updated("...\nleft 3 [..]\n...", "a\nleft 4 of many more of them\nb")
        == "...\nleft 4 [..]\n...")
    #expect(updated("took [..] in 3", "took 5 s in 4") == "took [..] in 4")
    #expect(updated("a\ntook [..]ms", "b\ntook 12ms") == "b\ntook [..]ms")
    #expect(updated("a [..]\nb", "x\nb") == "x\nb" || updated("a [..]\nb", "x\nb") == "x [..]\nb")
    // What never comes again is covered.
    #expect(
      updated("a", "made 2026-11-26T14:51:18Z here\nsearch  0.4 ms\n2 s ago")
        == "made [..] here\nsearch  [..]\n2 s ago")
    // What a page would read as something else is covered.
    #expect(updated("a", "> b\n...\nexit: 2\n```\n. c") == "[..] b\n[..]\n[..] 2\n[..]\n[..] c")
  }

  @Test func `a difference names the column`() throws {
    let page = Self.page.replacing("0.2900", with: "0.2500")
    let comparison = OutputComparison(Self.lines(page), try Self.table(Self.rows), OutputRules())
    #expect(
      comparison.difference.map(\.text).contains("score 0.2500 is now 0.2900"),
      "\(comparison.difference)")
    #expect(comparison.difference.map(\.kind).count { $0 == .missing } == 1)
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
