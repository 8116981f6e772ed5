internal import CommandLanguage
internal import ParallaxCore

extension Session {
  /// Asks before something is lost, unless the command says `--yes`.
  ///
  /// - Throws: `needs-confirmation` where nobody can be asked; ``Declined`` without a yes.
  func confirm(_ action: String, _ arguments: Arguments) throws {
    if arguments.flag("yes") { return }
    guard let confirm else {
      throw arguments.error(
        .needsConfirmation, "'\(arguments.verb)' needs --yes where nobody can be asked",
        hint: "it would \(action)")
    }
    if !confirm("\(TerminalText.escaped(action))?") { throw Declined() }
  }
}

/// The person asked did not say yes, which is no error; the rest of the line is left out.
struct Declined: Error {}
