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

  package init(_ lines: [String]) {
    var entries: [Entry] = []
    var index = lines.firstIndex { Self.command($0) != nil } ?? lines.count
    before = 0..<index
    while index < lines.count {
      let start = index
      var command = Self.command(lines[index]) ?? ""
      var prefixes = [String(lines[index].prefix(2))]
      index += 1
      while !isComplete(command), index < lines.count, let more = Self.continuation(lines[index]) {
        command += "\n" + more
        prefixes.append(String(lines[index].prefix(2)))
        index += 1
      }
      let end = index
      index = lines[end...].firstIndex { Self.command($0) != nil } ?? lines.count
      entries.append(
        Entry(
          command: command, prefixes: prefixes, lines: start..<end, output: end..<index,
          isUnfinished: !isComplete(command),
          hasStrayContinuation: end < index && Self.continuation(lines[end]) != nil))
    }
    self.entries = entries
  }
}
