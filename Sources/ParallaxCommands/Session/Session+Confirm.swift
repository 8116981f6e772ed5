internal import CommandLanguage
internal import ParallaxCore
private import ParallaxText

extension Session {
  /// Asks before something is lost, unless the command says `--yes`.
  ///
  /// - Throws: `needs-confirmation` where nobody can be asked; ``Declined`` without a yes.
  func confirm(_ action: String, of command: any Command.Type, yes: Bool) throws {
    try checkConfirmation(of: command, yes: yes, hint: "it would \(action)")
    guard !yes, let confirm else { return }
    if !confirm("\(TerminalText.escaped(action))?") { throw Declined() }
  }

  /// - Throws: `needs-confirmation` where a question would have nobody to answer it.
  func checkConfirmation(of command: any Command.Type, yes: Bool, hint: String) throws {
    guard !yes, confirm == nil else { return }
    let verb = command.signature.verb
    throw ParallaxError(
      .needsConfirmation, "'\(verb)' needs --yes where it cannot ask", hint: hint,
      parameter: .init(name: verb))
  }
}

/// The person asked did not say yes, which is no error; the rest of the line is left out.
struct Declined: Error {}
