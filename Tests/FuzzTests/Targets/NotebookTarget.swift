@testable import CommandLanguage
@testable import ParallaxCommands
@testable import ParallaxReporting

/// Notebooks: pages of Markdown, their front matter, commands and expectations.
enum NotebookTarget: FuzzTarget {
  static let name = "notebooks"
  static let repeats: [Repetition] = [
    ("```parallax\n", "> show a\n", "```\n"), ("", "```\n", ""), ("", "<!--\n", ""),
    ("", "<div>\n", ""),
    ("```parallax\n> a\n", "[..]", "\n"), ("```parallax\n> a\n", "...\n", "b\n```\n"),
    ("```parallax\n> a \"\n", ". b\n", ""), ("---\n", "a: b\n", "---\n"),
    ("---\nneeds: [", "a,", "]\n---\n"),
    ("```parallax\n> a\n", "rank score\n", "```\n"),
    ("```parallax\n> a\nrank id score\n", "1 a 0.5\n", "```\n"),
    ("", "> ", ""), ("```parallax overlap=0.9\n> a\nid\n", "a\n", "```\n"), ("~~~", "~", "\n"),
    ("```parallax\n> a\n", "[..] ", "x\n```\n"), ("```parallax\n", "```\n```parallax\n", ""),
  ]
  /// More lines are not compared here: that takes time by their square, up to a limit.
  private static let mostLines = 60

  static func run(_ bytes: [UInt8]) throws {
    let text = try ErrorPromise.reading { try Script.text(of: bytes, named: "a.md") }
    guard let text else { return }
    let page = MarkdownPage(text)
    try expect(
      page.replacing([]).utf8.elementsEqual(text.utf8), "a page without changes is another")
    let notebook = try ErrorPromise.reading { try Notebook(text, name: "a.md") }
    guard let notebook else { return }
    let parser = Parser(CommandRegistry.signatures, style: .script)
    var known = KnownNames(variables: [], results: nil)
    var end = 0
    for step in notebook.steps {
      try expect(
        step.lines.lowerBound >= end && step.lines.upperBound <= page.lines.count,
        "a step in the lines \(step.lines), behind \(end)")
      end = step.lines.upperBound
      _ = try ErrorPromise.reading { try parser.parse(step.source, known: &known) }
      guard let expected = step.expected else { continue }
      try expect(
        expected.place.lowerBound >= end && expected.place.upperBound <= page.lines.count,
        "output in the lines \(expected.place), behind \(end)")
      end = expected.place.upperBound
      try checkUpdate(of: expected)
    }
    let same = notebook.steps.compactMap(\.expected).map { expected in
      (expected.place, Array(page.lines[expected.place]))
    }
    let ends = Set(page.ends.filter { !$0.isEmpty })
    guard ends.count < 2, page.ends.last.map({ !$0.isEmpty }) ?? true else { return }
    try expect(
      page.replacing(same.map { (lines: $0, new: $1) }).utf8.elementsEqual(text.utf8),
      "lines replaced by themselves make another page")
  }

  /// What is printed as expected is as expected; and what `--update` writes is.
  private static func checkUpdate(of expected: Notebook.Expectation) throws {
    guard expected.lines.count <= mostLines, expected.lines.allSatisfy({ $0.utf8.count < 400 })
    else {
      return
    }
    var rules = OutputRules()
    rules.tolerance = expected.options.tolerance
    rules.rowsAreSet = expected.options.rowsAreSet
    rules.overlap = expected.options.overlap
    var same = PrintedOutput("")
    same.lines = expected.lines
    let itself = OutputComparison(expected.lines, same, rules)
    try expect(itself.isSame, "a printed output is not as it is expected: \(expected.lines)")
    let printed = PrintedOutput("rank  id  score\n   1  a   0.512\n   2  b   0.5\n")
    let other = OutputComparison(expected.lines, printed, rules)
    _ = other.difference
    let updated = OutputComparison(other.updated, printed, rules)
    try expect(updated.isSame, "an updated expectation does not hold: \(other.updated)")
  }
}
