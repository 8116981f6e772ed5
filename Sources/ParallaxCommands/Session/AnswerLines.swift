/// Answers that come in by the standard input, a line each, where nobody is at a prompt.
package struct AnswerLines {
  /// Whether a person types them, who may mistype.
  package var isTerminal: Bool
  /// The next line; `nil` at the end.
  package var next: () throws -> String?

  package init(isTerminal: Bool, next: @escaping () throws -> String?) {
    self.isTerminal = isTerminal
    self.next = next
  }
}
