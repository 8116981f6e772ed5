internal import CommandLanguage
internal import ParallaxCore

extension Session {
  /// Asks before something is lost, unless the command says `--yes`.
  ///
  /// - Throws: `needs-confirmation` where nobody can be asked; `cancelled` when the answer is no.
  func confirm(_ action: String, _ arguments: Arguments) throws {
    if arguments.flag("yes") { return }
    guard let confirm else {
      throw arguments.error(
        .needsConfirmation, "'\(arguments.verb)' needs --yes where nobody can be asked",
        hint: "it would \(action)")
    }
    if !confirm("\(TerminalText.escaped(action))?") {
      throw ParallaxError(.cancelled, "nothing was done")
    }
  }
}
