/// Lines in which commands stand behind `> ` and what they print below them.
///
/// `. ` continues a command whose quote is open or that ends in `\` or `|`.
package struct TranscriptLines: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    /// Without `> ` and `. `; its lines are as many as `prefixes`.
    package let command: String
    /// What stands before each line of the command.
    package let prefixes: [String]
    /// The lines of the command, and those below it.
    package let lines: Range<Int>
    package let output: Range<Int>
    /// Whether the next line should have begun with `. `.
    package let isUnfinished: Bool
    /// Whether a line follows that begins with `. ` although the command is whole.
    package let hasStrayContinuation: Bool
  }

  package let entries: [Entry]
  /// Lines before the first command.
  package let before: Range<Int>

  /// The command in a line, or nothing.
  static func command(_ line: String) -> String? {
    line.hasPrefix("> ") ? String(line.dropFirst(2)) : line == ">" ? "" : nil
  }

  private static func continuation(_ line: String) -> String? {
    line.hasPrefix(". ") ? String(line.dropFirst(2)) : line == "." ? "" : nil
  }

  /// Those that a text begins with.
  private static func continuations(in lines: ArraySlice<String>) -> [String] {
    var texts: [String] = []
    for line in lines {
      guard let text = continuation(line) else { break }
      texts.append(text)
    }
    return texts
  }

  package init(_ lines: [String]) {
    var entries: [Entry] = []
    var index = lines.firstIndex { Self.command($0) != nil } ?? lines.count
    before = 0..<index
    while index < lines.count {
      let start = index
      let first = Self.command(lines[start]) ?? ""
      // Only a command that goes on has more lines; those of the output are looked at once.
      let more = isComplete(first) ? [] : Self.continuations(in: lines[(start + 1)...])
      let complete = firstCompleteLine(of: ([first] + more).joined(separator: "\n"))
      let end = start + 1 + (complete ?? more.count)
      let command = ([first] + more.prefix(end - start - 1)).joined(separator: "\n")
      let prefixes = lines[start..<end].map { String($0.prefix(2)) }
      index = lines[end...].firstIndex { Self.command($0) != nil } ?? lines.count
      entries.append(
        Entry(
          command: command, prefixes: prefixes, lines: start..<end, output: end..<index,
          isUnfinished: complete == nil,
          hasStrayContinuation: end < index && Self.continuation(lines[end]) != nil))
    }
    self.entries = entries
  }
}
