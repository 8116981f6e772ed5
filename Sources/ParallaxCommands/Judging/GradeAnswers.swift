internal import ParallaxCore

/// Where the answers of a judge come from: a person at the prompt, or the standard input.
@MainActor
struct GradeAnswers {
  /// Whether a person types them at the prompt of a session, and may type more later.
  let isPrompt: Bool
  /// Whether a person types them, who may mistype.
  let isTyped: Bool
  /// Shows what is asked; `nil` where there is no more.
  let next: (String) throws -> String?
  /// The same of a line of the standard input that is not blank, which stays there for whoever comes next.
  let peek: (String) throws -> String?

  /// - Throws: `needs-confirmation` where there is nobody to ask.
  init(_ session: Session) throws {
    if let ask = session.ask {
      (isPrompt, isTyped, next, peek) = (true, true, ask, { _ in nil })
      return
    }
    guard let lines = session.answers else { throw Self.nobody }
    (isPrompt, isTyped) = (false, lines.isTerminal)
    next = { question in
      // On a terminal the person's own Enter ends the line.
      session.console.ask(question, endsLine: !lines.isTerminal)
      return try lines.next()
    }
    peek = { question in
      session.console.ask(question, endsLine: !lines.isTerminal)
      return try lines.peek()
    }
  }

  static var nobody: ParallaxError {
    ParallaxError(
      .needsConfirmation, "'judge' asks for grades, and there is nobody to answer",
      hint:
        "at the prompt a person does; with -c or -f each line of the standard input is an answer: 0 to 3, s, u or q",
      parameter: .init(name: "judge"))
  }
}
