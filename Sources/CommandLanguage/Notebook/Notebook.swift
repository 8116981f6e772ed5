package import ParallaxCore

/// A Markdown page whose blocks of ` ```parallax ` hold commands and what they print.
package struct Notebook: Sendable, Hashable {
  /// One command, or the commands of a block whose output is not checked.
  package struct Step: Sendable, Hashable {
    package let source: SourceText
    /// `nil` where the output is not checked.
    package let expected: Expectation?
    /// The lines of the command in the page, from 0.
    package let lines: Range<Int>
  }

  /// What a page says that a command prints.
  package struct Expectation: Sendable, Hashable {
    /// As a code host shows them, without `exit: N`.
    package let lines: [String]
    /// What the command fails with; `nil` where it succeeds.
    package let exitCode: Int32?
    package let options: FenceOptions
    /// The lines in the page, from 0, with `exit: N` and without blank ones at their end.
    package let place: Range<Int>
    /// The block it stands in.
    package let block: FencedBlock
  }

  package let name: String
  package let page: MarkdownPage
  package let frontMatter: FrontMatter
  package let steps: [Step]
  /// What is not read although it may be meant to be.
  package let warnings: [String]

  /// - Throws: `bad-notebook` or `unsupported-version`, located.
  package init(_ text: String, name: String) throws {
    self.name = name
    page = MarkdownPage(text)
    frontMatter = try FrontMatter(of: page, name: name)
    var steps: [Step] = []
    for block in page.blocks where block.language.lowercased() == "parallax" {
      steps += try Self.steps(of: block, page, name)
    }
    self.steps = steps
    warnings =
      [frontMatter.warning.map { "'\(name)': \($0)" }].compactMap(\.self)
      + page.overlooked.map {
        "'\(name)', line \($0 + 1): a fence in a quotation, or more than three blanks from the left, "
          + "is not read"
      }
  }

  private static func steps(
    of block: FencedBlock, _ page: MarkdownPage, _ name: String
  ) throws -> [Step] {
    let lines = page.lines[block.content].map(block.shown)
    let options: FenceOptions
    do { options = try FenceOptions(info: block.info) } catch let error as ParallaxError {
      throw error.located(at: location(block.openingLine, page, name))
    }
    let transcript = TranscriptLines(lines)
    let blanks = lines.indices.map { line in
      String(page.lines[block.content.lowerBound + line].dropLast(lines[line].count))
    }
    guard !transcript.entries.isEmpty else {
      if options != FenceOptions() {
        throw ParallaxError(
          .badNotebook,
          "the block says how output is compared, and no command in it begins with '> '",
          location: location(block.openingLine, page, name))
      }
      return [
        Step(
          source: SourceText(
            lines.joined(separator: "\n"), name: name, firstLine: block.content.lowerBound + 1,
            prefixes: blanks),
          expected: nil, lines: block.content)
      ]
    }
    let start = block.content.lowerBound
    if let stray = transcript.before.first(where: { !lines[$0].trimmingBlanks.isEmpty }) {
      throw ParallaxError(
        .badNotebook, "this stands before the first command of the block",
        hint: "a command begins with '> ' where another one of its block does",
        location: location(start + stray, page, name))
    }
    return try transcript.entries.map { entry in
      try check(entry, at: start, page, name)
      let last = lines[entry.output].lastIndex { !$0.trimmingBlanks.isEmpty }
      let below = entry.output.lowerBound..<(last.map { $0 + 1 } ?? entry.output.lowerBound)
      let exit = last.flatMap { exitCode(lines[$0]) }
      return Step(
        source: SourceText(
          entry.command, name: name, firstLine: start + entry.lines.lowerBound + 1,
          prefixes: zip(entry.lines, entry.prefixes).map { blanks[$0] + $1 }),
        expected: Expectation(
          lines: Array(lines[below].dropLast(exit == nil ? 0 : 1)), exitCode: exit,
          options: options, place: start + below.lowerBound..<start + below.upperBound,
          block: block),
        lines: start + entry.lines.lowerBound..<start + entry.lines.upperBound)
    }
  }

  private static func check(
    _ entry: TranscriptLines.Entry, at start: Int, _ page: MarkdownPage, _ name: String
  ) throws {
    if entry.isUnfinished {
      throw ParallaxError(
        .unfinishedLine, "the command goes on, and its next line does not begin with '. '",
        location: location(start + entry.lines.upperBound - 1, page, name))
    }
    if entry.hasStrayContinuation {
      throw ParallaxError(
        .badNotebook, "'. ' continues a command that ends in '\\' or '|', or whose quote is open",
        hint: "output that begins so is written '[..]'",
        location: location(start + entry.output.lowerBound, page, name))
    }
  }

  private static func exitCode(_ line: String) -> Int32? {
    guard line.hasPrefix("exit:") else { return nil }
    return Int32(String(line.dropFirst(5)).trimmingBlanks)
  }

  /// A whole line of the page.
  private static func location(
    _ line: Int, _ page: MarkdownPage, _ name: String
  ) -> ParallaxError.Location {
    let text = page.lines[line]
    return .init(source: name, text: text, line: line + 1, range: 0..<text.utf8.count)
  }

  /// Where a line of the page is, from 0.
  package func location(ofLine line: Int) -> ParallaxError.Location {
    Self.location(line, page, name)
  }
}
