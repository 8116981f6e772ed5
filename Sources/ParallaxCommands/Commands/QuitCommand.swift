package import CommandLanguage

package struct QuitCommand: Command {
  package static let signature = CommandSignature(
    verb: "quit", aliases: ["exit", "q"], group: "Session", summary: "end the session",
    examples: ["quit"])

  package init(_ arguments: Arguments) throws {}

  package func foresee(in scope: inout ScriptScope) throws { scope.end() }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    session.wantsToQuit = true
    return CommandOutput()
  }
}
