/// What a line typed at the prompt is, before it is parsed.
package enum InputLine: Sendable, Hashable {
  /// Nothing but blanks.
  case empty
  /// Nothing but a comment: its text without `#` and the blanks around it.
  case comment(String)
  /// `!cmd`: the command for the shell, without `!`.
  case shell(String)
  /// Statements to parse.
  case commands

  package init(_ text: String) {
    let trimmed = text.drop { $0.isWhitespace }
    if trimmed.first == "!" {
      self = .shell(String(trimmed.dropFirst()))
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
}
