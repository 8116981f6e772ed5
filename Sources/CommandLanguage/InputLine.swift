/// What a line typed at the prompt is, before it is parsed.
package enum InputLine: Sendable, Hashable {
  /// Nothing but blanks.
  case empty
  /// Nothing but a comment: its text without `#` and the blanks around it.
  case comment(String)
  /// `!cmd`: the command for the shell, without `!`.
  case shell(String)
  /// Commands behind `> ` with what they printed, copied from somewhere: the commands, and how many
  /// lines are none.
  case transcript(String, ignored: Int)
  /// Statements to parse.
  case commands

  package init(_ text: String) {
    let trimmed = text.drop { $0.isWhitespace }
    if trimmed.first == "!" {
      self = .shell(String(trimmed.dropFirst()))
      return
    }
    if let transcript = Self.transcript(text) {
      self = transcript
      return
    }
    let scan = Lexer.scan(text)
    let tokens = scan.tokens.filter { $0.kind != .newline }
    if tokens.isEmpty, scan.failure == nil {
      self = .empty
    } else if tokens.count == 1, case .comment(let note) = tokens[0].kind {
      var note = note[...]
      while note.first?.isWhitespace ?? false { note.removeFirst() }
      while note.last?.isWhitespace ?? false { note.removeLast() }
      self = .comment(String(note))
    } else {
      self = .commands
    }
  }

  /// A text whose first line that is not blank, nor a fence of Markdown, begins with `> ` or with a
  /// prompt such as `photos@base 12> `.
  private static func transcript(_ text: String) -> InputLine? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { withoutPrompt(String($0)) }
      .filter { line in !line.allSatisfy(\.isWhitespace) && FencedBlock.opening(line) == nil }
    guard let first = lines.first, TranscriptLines.command(first) != nil else { return nil }
    let entries = TranscriptLines(lines).entries
    return .transcript(
      entries.map(\.command).joined(separator: "\n"),
      ignored: entries.reduce(0) { $0 + $1.output.count })
  }

  /// A line with `> ` in place of a prompt that counts its inputs.
  private static func withoutPrompt(_ line: String) -> String {
    guard let end = line.firstRange(of: "> ") else { return line }
    let words = line[..<end.lowerBound].split(separator: " ", omittingEmptySubsequences: false)
    guard let number = words.last, !number.isEmpty, number.utf8.allSatisfy(Names.isDigit),
      words.count == 1 || words.count == 2 && !words[0].isEmpty
    else { return line }
    return String(line[end.lowerBound...])
  }
}
