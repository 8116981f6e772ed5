internal import CommandLanguage
internal import ParallaxCore
private import ParallaxText

extension Session {
  /// Asks before something is lost, unless the command says `--yes`.
  ///
  /// - Throws: `needs-confirmation` where nobody can be asked; ``Declined`` without a yes.
  func confirm(_ action: String, _ arguments: Arguments) throws {
    try checkConfirmation(arguments, hint: "it would \(action)")
    guard !arguments.flag("yes"), let confirm else { return }
    if !confirm("\(TerminalText.escaped(action))?") { throw Declined() }
  }

  /// - Throws: `needs-confirmation` where a question would have nobody to answer it.
  func checkConfirmation(_ arguments: Arguments, hint: String) throws {
    guard !arguments.flag("yes"), confirm == nil else { return }
    throw arguments.error(
      .needsConfirmation, "'\(arguments.verb)' needs --yes where nobody can be asked", hint: hint)
  }
}

/// The person asked did not say yes, which is no error; the rest of the line is left out.
struct Declined: Error {}
